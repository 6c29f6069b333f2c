import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { tagSchema } from '../../contract/budget.ts'
import { readUsd } from '../../contract/budget-text.ts'
import { asAppError } from '../../contract/failure.ts'
import { type FileType, fileTypeNames } from '../../contract/file-type.ts'
import { type JobState, jobStates } from '../../contract/job.ts'
import type { NanoUsd } from '../../contract/money.ts'

/** A parser for an option that takes a whole number within these bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  const signed = signedNumber(min, max)
  return text => signed(/^\d+$/.test(text) ? text : '')
}

/** As `wholeNumber`, for bounds that may be below 0. */
export function signedNumber(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`)
  }
}

/** Collects tags; several may be given, apart or separated by commas. */
export function tagList(text: string, before: string[] = []): string[] {
  const tags = text.split(',').map(tag => tag.trim())
  const wrong = tags.find(tag => !tagSchema.safeParse(tag).success)
  if (wrong === undefined) return [...before, ...tags]
  throw new InvalidArgumentError(`"${wrong}" is no tag: letters, digits and . _ : / -, at most 100.`)
}

export function isoTime(text: string): string {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return text
  throw new InvalidArgumentError('It takes a time such as 2026-11-30T12:00:00Z or 2026-11-30T13:00:00+01:00.')
}

/** Collects `key=value` (a string) and `key:=json` (any JSON value) into one object. */
export function metadataPair(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const [, key, operator, value] = /^([^=]*?)(:=|=)(.*)$/s.exec(text) ?? []
  if (!key || value === undefined)
    throw new InvalidArgumentError('It takes key=value, or key:=json for other types than text.')
  return { ...before, [key]: operator === ':=' ? jsonValue(key, value) : value }
}

/** Collects file types; several may be given, apart or separated by commas. */
export function fileTypeList(text: string, before: FileType[] = []): FileType[] {
  const types = text.split(',').map(name => fileTypeNames.find(type => type === name.trim().toLowerCase()))
  if (types.includes(undefined)) throw new InvalidArgumentError(`It takes one of ${fileTypeNames.join(', ')}.`)
  return [...before, ...types.filter(type => type !== undefined)]
}

export function jobStateName(text: string): JobState {
  const state = jobStates.find(name => name === text.toLowerCase())
  if (state) return state
  throw new InvalidArgumentError(`It takes one of ${jobStates.join(', ')}.`)
}

/** Dollars such as 0.50 or $0.50. */
export function dollars(text: string): NanoUsd {
  try {
    return readUsd(text)
  } catch (error) {
    throw new InvalidArgumentError(asAppError(error).message)
  }
}

export function collected(text: string, before: string[] = []): string[] {
  return [...before, text]
}

function jsonValue(key: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidArgumentError(`The value of ${key} is not JSON.`)
  }
}
