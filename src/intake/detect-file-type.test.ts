import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureCode } from '../contract/failure.ts'
import type { FileType } from '../contract/file-type.ts'
import { type Container, decideOfficeType, detectFileType } from './detect-file-type.ts'

test('the content decides; the extension only tells kinds of text apart', () => {
  const cases: [content: string | Buffer, fileName: string, type: FileType | Container][] = [
    ['%PDF-1.7\n', 'a.txt', 'pdf'],
    [Buffer.from('\0\x01junk%PDF-1.7\n', 'latin1'), 'a', 'pdf'],
    ['PK\x03\x04rest', 'a.pdf', 'zip'],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.doc', 'compound_file'],
    ['<!DOCTYPE html><p>', 'a.txt', 'html'],
    ['\ufeff\n<!-- saved -->\n<HTML lang=en>', 'a.csv', 'html'],
    ['<?xml version="1.0"?><html xmlns="x">', 'a', 'html'],
    ['<p>a fragment', 'a.htm', 'html'],
    ['# Title', 'a.MD', 'markdown'],
    ['a,b', 'a.csv', 'csv'],
    ['a\tb', 'a.tsv', 'csv'],
    ['a note on %PDF-1.7 files', 'a.markdown', 'markdown'],
    ['{"a":1}', 'a.json', 'text'],
    ['no extension', 'readme', 'text'],
    [Buffer.from('\ufeffgrüße', 'utf16le'), 'a.txt', 'text'],
    [Buffer.from('gr\xfc\xdfe', 'latin1'), 'a.txt', 'text'],
    [Buffer.from('cut in a character: ü').subarray(0, -1), 'a.txt', 'text'],
  ]
  for (const [content, fileName, type] of cases)
    assert.equal(detectFileType(Buffer.from(content as string), fileName), type, `${fileName}: ${content}`)
})

test('what is not supported is refused by name', () => {
  const cases: [content: string, fileName: string, code: FailureCode, message: RegExp][] = [
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a.pdf', 'file_type_unsupported', /a\.pdf is a PNG picture/],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'a.txt', 'file_type_unsupported', /JPEG/],
    ['{\\rtf1 text}', 'a.docx', 'file_type_unsupported', /RTF/],
    ['\x7fELF\x02\x01\x01\0\0', 'a.txt', 'file_type_unsupported', /binary/],
    ['\x00\x01\x02', 'a.md', 'file_type_unsupported', /binary/],
    ['', 'a.md', 'file_empty', /no bytes/],
    ['<html>not found</html>', 'paper.pdf', 'document_mislabelled', /named as pdf, but its content is text/],
    ['words', 'a.docx', 'document_mislabelled', /docx/],
  ]
  for (const [content, fileName, code, message] of cases)
    assert.throws(() => detectFileType(Buffer.from(content, 'latin1'), fileName), { name: 'AppError', code, message })
})

test('a zip is what its parts make it', () => {
  const types = '[Content_Types].xml'
  assert.equal(decideOfficeType([types, 'word/document.xml'], 'a'), 'docx')
  assert.equal(decideOfficeType(['ppt/presentation.xml', types], 'a'), 'pptx')
  assert.equal(decideOfficeType([types, 'xl/workbook.xml'], 'a'), 'xlsx')
  for (const [names, message] of [
    [[types, 'xl/workbook.bin'], /xlsb/],
    [['mimetype', 'content.xml'], /OpenDocument/],
    [['word/document.xml'], /zip archive/],
    [[], /zip archive/],
  ] as const)
    assert.throws(() => decideOfficeType(names, 'a.zip'), { code: 'file_type_unsupported', message })
})
