import type { FeatureTable } from './feature-table.ts'
import { hashUnits, mix } from './hash.ts'
import { stemWord } from './word-stem.ts'

/**
 * Adds the features of a text to `table`: each word by its stem, each pair of neighbours, and what ties related words together: the
 * first five letters of a word and its three-letter pieces. Words that say little count little, and so do numbers, which fill tables and
 * are rarely asked for. Han and kana count as one word per character.
 */
export function readWordFeatures(text: string, table: FeatureTable): void {
  const lower = text.toLowerCase()
  let length = 0
  let previous = 0
  let previousWeight = 0
  const endWord = () => {
    const stemLength = stemWord(word, length)
    const hash = hashUnits(word, 0, stemLength)
    const weight = weigh(hash, stemLength)
    table.add(hash, weight)
    if (previousWeight > 0) table.add(mix(Math.imul(previous, 31) ^ hash), pairWeight * previousWeight * weight)
    if (weight > numberWeight) {
      addPieces(stemLength, table)
      if (stemLength >= prefixLength)
        table.add(mix(hashUnits(word, 0, prefixLength) ^ prefixSalt), prefixWeight * weight)
    }
    previous = hash
    previousWeight = weight
    length = 0
  }
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i)
    const kind = unit < 128 ? (asciiKinds[unit] as number) : kindOf(unit)
    if (kind !== belongsToWord && length > 0) endWord()
    if (kind !== separates && length < maxWordLength) word[length++] = unit
    if (kind === standsAlone) endWord()
  }
  if (length > 0) endWord()
}

function weigh(hash: number, stemLength: number): number {
  if (stopWords.has(hash)) return stopWordWeight
  const isNumber = isDigit(word[0] as number) && isDigit(word[stemLength - 1] as number)
  return isNumber ? numberWeight : 1 + 0.08 * Math.min(stemLength, 10)
}

/** Of a letter or digit of a lower-case word. */
function isDigit(unit: number): boolean {
  return unit <= 0x39
}

const stopWordWeight = 0.06
const numberWeight = 0.35
const prefixLength = 5
const prefixWeight = 0.5
const prefixSalt = 0x5bd1e995
const pairWeight = 0.35
const pieceWeight = 0.12
const maxWordLength = 48
const word = new Uint16Array(maxWordLength)

const separates = 0
const belongsToWord = 1
const standsAlone = 2
const asciiKinds = Uint8Array.from({ length: 128 }, (_, unit) => (/[a-z0-9]/.test(String.fromCharCode(unit)) ? 1 : 0))

function kindOf(unit: number): number {
  if (unit < 0xc0 || (unit >= 0x2000 && unit < 0x2e80)) return separates
  if ((unit >= 0x3040 && unit < 0xa000) || (unit >= 0xf900 && unit < 0xfb00)) return standsAlone
  return (unit >= 0x2e80 && unit < 0x3040) || (unit >= 0xff00 && unit < 0xff10) ? separates : belongsToWord
}

/** Three-letter pieces, with the word's edges as letters of their own. A piece cannot equal a word: its hash is salted. */
function addPieces(length: number, table: FeatureTable): void {
  let beforeLast = 1
  let last = word[0] as number
  for (let i = 1; i <= length; i++) {
    const next = i < length ? (word[i] as number) : 2
    table.add(
      mix(Math.imul(Math.imul(beforeLast, 0x10001) ^ last, 0x2c1b3c6d) ^ Math.imul(next, 0x297a2d39)),
      pieceWeight,
    )
    beforeLast = last
    last = next
  }
}

/** Words that stand in any text. Question words are among them, since a passage never repeats them. */
const stopWordText = `a b c d e f g h i j k l m n o p q r s t u v w x y z about above after again all also am an and any are as at be been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how if in
into is it its just like many may me might more most much must my no nor not now of off on once one only or other our out
over own per same shall she should so some such than that the their them then there these they this those through to too
under until up upon us very was we were what when where which while who whom whose why will with within without would you
your yours`

const stopWords: ReadonlySet<number> = new Set(stopWordText.split(/\s+/).map(hashOfStem))

function hashOfStem(text: string): number {
  const units = Uint16Array.from(text, letter => letter.charCodeAt(0))
  return hashUnits(units, 0, stemWord(units, units.length))
}
