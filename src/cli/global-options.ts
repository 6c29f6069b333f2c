/** The options that every command takes, as commander hands them over. */
export interface GlobalOptions {
  json?: boolean
  color: boolean
  dataDir?: string
  url?: string
  apiKey?: string
  tenant?: string
}
