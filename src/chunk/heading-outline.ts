/** The headings that a place in a document stands under, outermost first; levels rise. */
export type HeadingOutline = readonly { level: number; title: string }[]

export const noHeadings: HeadingOutline = []

/** The outline after a heading: it ends the sections of its own and of deeper levels. */
export function enterHeading(outline: HeadingOutline, heading: { level: number; title: string }): HeadingOutline {
  return [...outline.filter(({ level }) => level < heading.level), { level: heading.level, title: heading.title }]
}

/** The titles; a heading without text ends sections but has no name. */
export function headingPathOf(outline: HeadingOutline): string[] {
  return outline.map(({ title }) => title).filter(title => title !== '')
}
