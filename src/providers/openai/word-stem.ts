/**
 * Cuts an English ending off the word in `units[0, length)`, in place, and returns the new length, so that "measure",
 * "measures", "measured" and "measuring" are one feature. Light on purpose: other languages pass nearly unharmed.
 */
export function stemWord(units: Uint16Array, length: number): number {
  if (length < 4) return length
  let end = withoutPlural(units, length)
  end = withoutVerbEnding(units, end)
  for (const ending of derivations) {
    if (end - ending.length >= 4 && endsWith(units, end, ending)) {
      end -= ending.length
      break
    }
  }
  if (end > 3 && units[end - 1] === letterE) end--
  if (end > 2 && units[end - 1] === letterY) units[end - 1] = letterI
  return end
}

const derivations = ['ment', 'ness', 'ful', 'ly', 'ion', 'er', 'or']
const letterE = 'e'.charCodeAt(0)
const letterI = 'i'.charCodeAt(0)
const letterL = 'l'.charCodeAt(0)
const letterS = 's'.charCodeAt(0)
const letterY = 'y'.charCodeAt(0)

function withoutPlural(units: Uint16Array, end: number): number {
  if (units[end - 1] !== letterS) return end
  if (endsWith(units, end, 'ies')) {
    units[end - 3] = letterY
    return end - 2
  }
  if (endsWith(units, end, 'sses') || endsWith(units, end, 'xes') || endsWith(units, end, 'ches')) return end - 2
  const keepsIt = endsWith(units, end, 'ss') || endsWith(units, end, 'us') || endsWith(units, end, 'is')
  return keepsIt ? end : end - 1
}

function withoutVerbEnding(units: Uint16Array, end: number): number {
  let stem = end
  if (end >= 6 && endsWith(units, end, 'ing')) stem = end - 3
  else if (end >= 5 && endsWith(units, end, 'ed')) stem = end - 2
  if (stem === end) return end
  const last = units[stem - 1]
  const doubled = stem > 3 && last === units[stem - 2] && last !== letterL && last !== letterS
  return doubled ? stem - 1 : stem
}

function endsWith(units: Uint16Array, end: number, ending: string): boolean {
  const start = end - ending.length
  if (start < 0) return false
  for (let i = 0; i < ending.length; i++) if (units[start + i] !== ending.charCodeAt(i)) return false
  return true
}
