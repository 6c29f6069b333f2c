import { type Answer, errorAnswer } from './simulator-answer.ts'

/** What a request for a usage report asks for. Times are in seconds; the first bucket begins at `start`. */
export interface UsageQuery {
  start: number
  end: number
  width: number
  limit: number
  groupBy: ReadonlySet<string>
  /** The values that the filter of this name lets pass; null for all. */
  filter(name: string): ReadonlySet<string> | null
}

/** What a report takes: the default and the largest number of buckets by their width, and the fields to group by. */
export interface UsageReport {
  widths: Readonly<Record<string, { seconds: number; defaultLimit: number; maxLimit: number }>>
  groups: readonly string[]
}

/** Reads and checks the query of a usage report; `now` is its end if none is given. Limits as the official SDK documents them. */
export function readUsageQuery(params: URLSearchParams, report: UsageReport, now: Date): UsageQuery | Answer {
  const { start_time, end_time, bucket_width: widthName = '1d', limit, page } = Object.fromEntries(params)
  if (start_time === undefined) {
    const message = "Missing required parameter: 'start_time'."
    return invalid(message, 'start_time', 'missing_required_parameter')
  }
  const start = wholeNumber(start_time)
  if (start === null) return invalid(`Invalid value for 'start_time': '${start_time}'.`, 'start_time')
  const end = end_time === undefined ? Math.floor(now.getTime() / 1000) + 1 : wholeNumber(end_time)
  if (end === null || end <= start) return invalid("'end_time' must be after 'start_time'.", 'end_time')
  const width = Object.hasOwn(report.widths, widthName) ? report.widths[widthName] : undefined
  if (!width) return invalid(unsupported(widthName, Object.keys(report.widths)), 'bucket_width')
  const count = limit === undefined ? width.defaultLimit : wholeNumber(limit)
  if (count === null || count < 1 || count > width.maxLimit)
    return invalid(`'limit' must be between 1 and ${width.maxLimit} for '${widthName}'.`, 'limit')
  const groupBy = listed(params, 'group_by')
  const unknown = groupBy.find(group => !report.groups.includes(group))
  if (unknown !== undefined) return invalid(unsupported(unknown, report.groups), 'group_by')
  const aligned = Math.floor(start / width.seconds) * width.seconds
  const first = page === undefined ? aligned : fromCursor(page)
  if (first === null || first < aligned || first >= end || first % width.seconds !== 0)
    return invalid("Invalid value for 'page'.", 'page')
  return {
    start: first,
    end,
    width: width.seconds,
    limit: count,
    groupBy: new Set(groupBy),
    filter: name => (params.has(name) || params.has(`${name}[]`) ? new Set(listed(params, name)) : null),
  }
}

/** The page that begins with the bucket at this time. */
export function toCursor(seconds: number): string {
  return `page_${new TextEncoder().encode(String(seconds)).toBase64({ alphabet: 'base64url', omitPadding: true })}`
}

function fromCursor(page: string): number | null {
  try {
    const bytes = Uint8Array.fromBase64(page.replace(/^page_/, ''), { alphabet: 'base64url' })
    return page.startsWith('page_') ? wholeNumber(new TextDecoder().decode(bytes)) : null
  } catch {
    return null
  }
}

function listed(params: URLSearchParams, name: string): string[] {
  return [...params.getAll(name), ...params.getAll(`${name}[]`)]
}

function wholeNumber(text: string): number | null {
  return /^\d{1,12}$/.test(text) ? Number(text) : null
}

function unsupported(value: string, supported: readonly string[]): string {
  return `Invalid value: '${value}'. Supported values are: ${supported.map(name => `'${name}'`).join(', ')}.`
}

function invalid(message: string, param: string, code: string | null = null): Answer {
  return errorAnswer(400, message, { type: 'invalid_request_error', param, code })
}
