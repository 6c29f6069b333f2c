/** The file types that Sluice takes, by the name used in the API, with media type and usual extensions. */
export const fileTypes = {
  pdf: { mediaType: 'application/pdf', extensions: ['.pdf'] },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['.docx'],
  },
  pptx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    extensions: ['.pptx'],
  },
  xlsx: { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extensions: ['.xlsx'] },
  html: { mediaType: 'text/html', extensions: ['.html', '.htm', '.xhtml'] },
  markdown: { mediaType: 'text/markdown', extensions: ['.md', '.markdown'] },
  text: { mediaType: 'text/plain', extensions: ['.txt', '.text', '.log'] },
  csv: { mediaType: 'text/csv', extensions: ['.csv', '.tsv'] },
} as const

export type FileType = keyof typeof fileTypes
export const fileTypeNames = Object.keys(fileTypes) as [FileType, ...FileType[]]
