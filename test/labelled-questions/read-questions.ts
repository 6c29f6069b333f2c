import gazetteer from './gazetteer.json' with { type: 'json' }
import samples from './samples.json' with { type: 'json' }
import { fileNameOf, openingOf, places, topics } from './write-gazetteer.ts'

/** A question as a person would ask it, and how a passage that answers it is recognized. */
export interface LabelledQuestion {
  query: string
  /** Where an answer stands, with phrases of it: a hit that holds one of them is right. */
  fileName: string
  phrases: readonly string[]
}

/**
 * All questions: those over the samples name phrases of the passage in samples.json, those over the gazetteer name place and topic. They
 * were written by hand in other words than the passage's, as far as a person would find others.
 */
export function readQuestions(): LabelledQuestion[] {
  const overSamples = Object.entries(samples).flatMap(([fileName, questions]) =>
    questions.map(([query = '', ...phrases]) => ({ query, fileName, phrases })),
  )
  const overPlaces = topics.flatMap(topic =>
    gazetteer[topic].map(([place = '', query = '']) => {
      if (!places.includes(place)) throw new Error(`${place} is not in the gazetteer`)
      return { query, fileName: fileNameOf(place), phrases: [openingOf(topic, place)] }
    }),
  )
  return [...overSamples, ...overPlaces]
}
