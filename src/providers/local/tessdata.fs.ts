import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OcrSettings } from './parse-task.ts'

/** Where packages of Tesseract put their language data: Debian (one folder a version), Fedora and Arch, Homebrew. */
const FOLDERS = [
  '/usr/share/tessdata',
  '/usr/share/tesseract/tessdata',
  '/usr/local/share/tessdata',
  '/opt/homebrew/share/tessdata',
]
const DEBIAN_FOLDER = '/usr/share/tesseract-ocr'

/** Installed language data of Tesseract, or null. `folder` is looked at alone when it is given. */
export async function findTessdata(language: string, folder?: string): Promise<OcrSettings | null> {
  const versions = folder === undefined ? await readdir(DEBIAN_FOLDER).catch(() => []) : []
  const debian = versions
    .toSorted()
    .toReversed()
    .map(version => join(DEBIAN_FOLDER, version, 'tessdata'))
  for (const tessdataPath of folder === undefined ? [...debian, ...FOLDERS] : [folder])
    if (await isReadable(join(tessdataPath, `${language}.traineddata`))) return { tessdataPath, language }
  return null
}

async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
