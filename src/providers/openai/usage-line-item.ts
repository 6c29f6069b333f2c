/**
 * The embedding model that a line of the bill is about, as `models` spell it, or null when it is about something else. Lines look
 * like `text-embedding-3-small, input` (seen by users, not documented), so a name is looked for anywhere in them: with a version,
 * a date or `batch` behind it or not, the longest one first. Of unknown models those are taken that call themselves embeddings.
 */
export function modelOfLineItem(lineItem: string, models: Iterable<string>): string | null {
  let longest: string | null = null
  for (const model of models) if (model.length > (longest?.length ?? 0) && mentions(lineItem, model)) longest = model
  return longest ?? /[\w.:/-]*embedding[\w.:/-]*/i.exec(lineItem)?.[0] ?? null
}

function mentions(lineItem: string, model: string): boolean {
  const name = RegExp.escape(model)
  return new RegExp(`(?<![\\w.-])${name}(?![\\w.]|-(?!v?\\d|batch))`, 'i').test(lineItem)
}
