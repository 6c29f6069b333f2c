/** In the output of JSON.stringify only U+0000 and lone surrogates are escaped like this; a backslash itself is doubled. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** Whether PostgreSQL can hold a JSON value or a text: U+0000 and halves of surrogate pairs, which JSON allows, it cannot. */
export function isStorable(value: unknown): boolean {
  return !unstorable.test(JSON.stringify(value))
}

export const notStorable = 'U+0000 and halves of surrogate pairs cannot be stored'
