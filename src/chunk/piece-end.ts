import { blank, digit, letter, newline, other } from './unicode-classes.ts'

export type PieceEnd = (text: string, start: number, end: number) => number

/**
 * The cl100k_base pre-tokenizer as a state-free function: the end of the piece that starts at `start` in
 * `text.slice(…, end)`. It does by hand, in the order of its alternatives, what this pattern of tiktoken does:
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 */
export function createPieceEnd(classes: Uint8Array): PieceEnd {
  function classAt(text: string, at: number): number {
    return classes[text.codePointAt(at) as number] as number
  }

  /** The end of the run of one class; a surrogate pair is one character, a lone surrogate is of class `other`. */
  function runEnd(text: string, start: number, end: number, wanted: number): number {
    let at = start
    while (at < end) {
      const unit = text.charCodeAt(at)
      const isPair = (unit & 0xfc00) === 0xd800 && at + 1 < end && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
      if ((isPair ? classAt(text, at) : classes[unit]) !== wanted) break
      at += isPair ? 2 : 1
    }
    return at
  }

  function digitsEnd(text: string, start: number, end: number): number {
    let at = start
    for (let n = 0; n < 3 && at < end && classAt(text, at) === digit; n++) at += width(text, at, end)
    return at
  }

  function blanksEnd(text: string, start: number, end: number): number {
    let at = start
    let newlinesEnd = 0
    for (; at < end; at++) {
      const kind = classes[text.charCodeAt(at)]
      if (kind === newline) newlinesEnd = at + 1
      else if (kind !== blank) break
    }
    if (newlinesEnd > 0) return newlinesEnd
    return at === end || at === start + 1 ? at : at - 1
  }

  return (text, start, end) => {
    const first = text.charCodeAt(start)
    const kind = classAt(text, start)
    if (kind === letter) return runEnd(text, start, end, letter)
    if (kind === digit) return digitsEnd(text, start, end)
    if (kind === newline) return blanksEnd(text, start, end)
    const contraction = first === 0x27 ? contractionEnd(text, start, end) : start
    if (contraction > start) return contraction
    const next = start + width(text, start, end)
    const nextKind = next < end ? classAt(text, next) : blank
    if (nextKind === letter) return runEnd(text, next, end, letter)
    if (kind === blank && !(first === 0x20 && nextKind === other && next < end)) return blanksEnd(text, start, end)
    return newlinesEnd(text, runEnd(text, next, end, other), end)
  }
}

function width(text: string, at: number, end: number): number {
  return at + 1 < end && (text.codePointAt(at) as number) > 0xffff ? 2 : 1
}

function newlinesEnd(text: string, start: number, end: number): number {
  let at = start
  while (at < end && (text.charCodeAt(at) === 0x0a || text.charCodeAt(at) === 0x0d)) at++
  return at
}

/** `'s 't 'm 'd 're 've 'll` in any case; the long s (U+017F) folds to an s as well. Gives `start` where there is none. */
function contractionEnd(text: string, start: number, end: number): number {
  if (start + 1 >= end) return start
  const one = text.charCodeAt(start + 1) | 0x20
  if (text.charCodeAt(start + 1) === 0x17f) return start + 2
  if (one === 0x73 || one === 0x74 || one === 0x6d || one === 0x64) return isAscii(text, start + 1) ? start + 2 : start
  if (start + 2 >= end || !isAscii(text, start + 1) || !isAscii(text, start + 2)) return start
  const two = text.charCodeAt(start + 2) | 0x20
  const isLong = ((one === 0x72 || one === 0x76) && two === 0x65) || (one === 0x6c && two === 0x6c)
  return isLong ? start + 3 : start
}

function isAscii(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0x80
}
