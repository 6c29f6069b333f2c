/**
 * How texts are prepared before they are embedded; a vector space's revision names the way, so that a change of it is another space.
 * `1`: as they are. `2`: Unicode NFC, no control characters but line breaks, runs of blanks as one, at most one empty line.
 */
export const revisions = ['1', '2'] as const
export const newestRevision = '2'

/** The text that is sent to the provider. Throws for a revision that this version of Sluice does not know. */
export function prepareText(text: string, revision: string): string {
  if (revision === '1') return text
  if (revision !== '2') throw new Error(`texts of revision ${revision} cannot be prepared`)
  const prepared = text
    .replaceAll(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g, '')
    .normalize('NFC')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return prepared === '' ? text : prepared
}
