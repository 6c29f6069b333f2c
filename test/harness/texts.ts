const syllables = ['ka', 'lo', 'mi', 'ren', 'tas', 'vo', 'sul', 'dar', 'pe', 'nix', 'gor', 'hal']

/** A made-up word for each number: different numbers give different words. */
export function word(number: number): string {
  let rest = number
  let made = ''
  do {
    made += syllables[rest % syllables.length]
    rest = Math.floor(rest / syllables.length)
  } while (rest > 0)
  return made
}

/** Markdown of `sections` headed sections of about `words` words each; another seed gives another text. */
export function writeMarkdown(seed: number, sections: number, words = 60): string {
  let state = (seed + 1) * 2_654_435_761
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0
    return state
  }
  const parts = Array.from({ length: sections }, (_, section) => {
    const sentence = Array.from({ length: words }, () => word(next() % 4_000)).join(' ')
    return `## Section ${seed}.${section} ${word(seed * 1_000 + section)}\n\n${sentence}.\n`
  })
  return `# Document ${seed}\n\n${parts.join('\n')}`
}
