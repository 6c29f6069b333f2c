/** Small documents whose chunks are known beforehand: each with texts of its own and a passage that others have too. */
export function crashDocuments(count: number): { name: string; text: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: 4 + (i % 3) }, (_, s) =>
      section(`Part ${s + 1} of report ${i + 1}`, sentence(i, s)),
    )
    return {
      name: `report-${i + 1}.md`,
      text: [`# Report ${i + 1}\n`, ...own, section('Notice', shared[i % shared.length] ?? '')].join('\n'),
    }
  })
}

const things = ['pump', 'valve', 'meter', 'pipe', 'tank', 'filter', 'sensor', 'gauge', 'motor', 'switch']
const shared = [
  'This report is for members of the water board only. Ask the office before you pass it on to anybody else.',
  'The figures of this report were read by hand. Small differences to the figures of the control room are possible.',
]

function section(heading: string, text: string): string {
  return `## ${heading}\n\n${text}\n`
}

function sentence(i: number, s: number): string {
  const thing = things[(i * 7 + s) % things.length]
  return `On day ${i * 31 + s + 1} the ${thing} number ${i + 1}-${s + 1} was looked at, cleaned and put back. It had run for ${1_000 + i * 97 + s * 13} hours.`
}
