export interface GazetteerFile {
  fileName: string
  markdown: string
}

/** The names of the places; none of them exists. */
export const places = [
  ...['Ardmoor', 'Brackwater', 'Calder Cross', 'Dunsley', 'Eastwell', 'Fernhaugh', 'Gorsebank', 'Hollin Green'],
  ...['Ivybridge Low', 'Jessop End', 'Kirkwith', 'Larkstoke', 'Mossley Down', 'Netherby', 'Oxcombe', 'Penhallow'],
]

export const topics = ['ferry', 'market', 'school', 'bakery', 'well', 'fair', 'surgery', 'library'] as const
export type Topic = (typeof topics)[number]

export function fileNameOf(place: string): string {
  return `${place.toLowerCase().replaceAll(' ', '-')}.md`
}

/** A phrase that stands in this chapter alone. */
export function openingOf(topic: Topic, place: string): string {
  return `The ${topic} of ${place}`
}

/** A guide to sixteen places with eight chapters each, one file for a place. Always the same. */
export function writeGazetteer(): GazetteerFile[] {
  return places.map((place, number) => {
    const pick = createPicker(number)
    const chapters = topics.map(topic => {
      const opening = openingOf(topic, place)
      return `## ${opening}\n\n${opening} ${chapterOf[topic](pick)}\n\n${remarks(pick)}`
    })
    return { fileName: fileNameOf(place), markdown: `# ${place}\n\n${chapters.join('\n\n')}\n` }
  })
}

type Picker = <Item>(items: readonly Item[]) => Item

const hours = ['six', 'seven', 'eight', 'nine', 'ten']
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const families = ['Aldous', 'Birkett', 'Corrigan', 'Dewhurst', 'Ellery', 'Fothergill', 'Garside', 'Huxtable']
const amounts = ['two', 'three', 'four', 'five', 'twelve', 'twenty', 'thirty']

const chapterOf: Record<Topic, (pick: Picker) => string> = {
  ferry: pick =>
    `crosses the estuary every ${pick(['twenty', 'thirty', 'forty'])} minutes from ${pick(hours)} in the morning. It takes ${pick(amounts)} vehicles and any number of passengers on foot; a bicycle travels for ${pick(amounts)} pence. In fog, and when the tide is too low for the ramp, the crossing is suspended and a flag is hoisted at the slipway. The skipper, ${pick(families)}, sells return tickets on board.`,
  market: pick =>
    `is held on ${pick(weekdays)} around the stone cross. Farmers sell ${pick(['goat cheese', 'smoked trout', 'leeks and cabbages', 'honey in the comb'])} and ${pick(['wool', 'baskets', 'seedlings', 'cider'])} from ${pick(hours)} o'clock until noon. A stall costs ${pick(amounts)} pounds and has to be booked with the clerk a week before. Dogs must be kept on a lead, and cars have to leave the square by dawn.`,
  school: pick =>
    `has ${pick(['forty', 'sixty', 'ninety'])} pupils in ${pick(['two', 'three', 'four'])} classrooms. Lessons begin at ${pick(['half past eight', 'nine', 'a quarter to nine'])}; a warm lunch is cooked by the ${pick(families)} family. Parents enrol children in ${pick(['February', 'March', 'April'])} of the year in which they turn five. The headteacher plays the ${pick(['cello', 'trombone', 'accordion'])} and leads the choir.`,
  bakery: pick =>
    `heats its oven with ${pick(['beech', 'apple wood', 'peat', 'oak'])} and is run by ${pick(families)} and two apprentices. Loaves of ${pick(['rye', 'spelt', 'barley', 'oats'])} come out at ${pick(hours)}; the dough has rested for ${pick(['sixteen', 'eighteen', 'thirty'])} hours by then. Pastry with ${pick(['plums', 'rhubarb', 'poppy seed'])} is made at weekends only, and what is left goes to the ${pick(['pigs', 'hens', 'soup kitchen'])} on Monday.`,
  well: pick =>
    `was dug in ${pick(['1612', '1688', '1734', '1791'])} and is ${pick(['eighteen', 'twenty-six', 'forty'])} metres deep. A donkey used to turn the wheel that raised the bucket. Its water tastes of ${pick(['iron', 'chalk', 'nothing at all'])} and was said to cure ${pick(['gout', 'melancholy', 'toothache', 'hiccups'])}. Since a child fell in it has been covered with a grating, whose key hangs with ${pick(families)} next door.`,
  fair: pick =>
    `falls on the ${pick(['first', 'second', 'last'])} weekend of ${pick(['May', 'June', 'August', 'September'])}. It opens with ${pick(['a race of wheelbarrows', 'a parade of lanterns', 'a tug of war across the brook'])} and ends with fireworks. The prize for the heaviest ${pick(['marrow', 'goose', 'pumpkin'])} was won ${pick(amounts)} times by ${pick(families)}. Merry-go-rounds have been driven by steam here since the first one, and children ride for nothing before noon.`,
  surgery: pick =>
    `is open on ${pick(weekdays)} and ${pick(weekdays)} mornings without appointment. Doctor ${pick(families)} sees patients from the surrounding farms too and drives out at night in a ${pick(['yellow', 'green', 'battered'])} jeep. Prescriptions can be collected after ${pick(['two', 'three', 'four'])} o'clock. Vaccinations against ${pick(['ticks', 'influenza', 'tetanus'])} are given in ${pick(['spring', 'October', 'the first week of a month'])}.`,
  library: pick =>
    `lends ${pick(['four thousand', 'nine thousand', 'eleven thousand'])} volumes from a ${pick(['former chapel', 'railway carriage', 'boat house'])}. Readers keep a book for ${pick(['three', 'four', 'six'])} weeks and put ${pick(amounts)} pence into the tin for each day beyond. There is a collection of ${pick(['sea charts', 'hymn books', 'detective novels', 'seed catalogues'])}, and on ${pick(weekdays)} evenings somebody reads aloud to the small ones by the stove.`,
}

const fillers = [
  'The path there is signposted from the bridge.',
  'Older people still call it by another name.',
  'A photograph of it hangs in the inn.',
  'It was painted by a travelling artist who could not pay his rent.',
  'In winter the road may be closed by snow.',
  'The parish keeps the accounts of it in a tin box.',
  'A plaque tells of the great flood.',
  'Visitors are asked to shut the gate behind them.',
]

function remarks(pick: Picker): string {
  return Array.from({ length: 4 }, () => pick(fillers)).join(' ')
}

/** Picks by a linear congruential generator that begins with `seed`. */
function createPicker(seed: number): Picker {
  let state = (seed * 7919 + 17) >>> 0
  return items => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return items[(state >>> 16) % items.length] as (typeof items)[number]
  }
}
