import { Parser } from 'htmlparser2'
import type { OfficeZip } from './office-zip.ts'

/** Called while a part is read: names come with their prefix, as `a:t`, but for the `x:` that some writers of sheets add. */
export interface XmlHandlers {
  open(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

/**
 * Reads an XML part of an Office document piece by piece in constant memory; a part that is not there has no elements.
 * The parser knows the five entities of XML only, so that entity bombs stay the few bytes that they are.
 */
export async function readXml(zip: OfficeZip, partName: string, handlers: XmlHandlers): Promise<void> {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handlers.open(withoutX(name), attributes),
      ontext: text => handlers.text?.(text),
      onclosetag: name => handlers.close?.(withoutX(name)),
    },
    { xmlMode: true, decodeEntities: true },
  )
  const decoder = new TextDecoder()
  for await (const piece of zip.stream(partName)) parser.write(decoder.decode(piece, { stream: true }))
  parser.end(decoder.decode())
}

/** The parts that a part refers to, by relationship id: full name in the zip and kind (the last word of its type). */
export async function readRelations(zip: OfficeZip, partName: string): Promise<Map<string, Relation>> {
  const folder = partName.slice(0, partName.lastIndexOf('/') + 1)
  const relations = new Map<string, Relation>()
  await readXml(zip, `${folder}_rels/${partName.slice(folder.length)}.rels`, {
    open(_, { Id, Target, Type, TargetMode }) {
      if (Id === undefined || Target === undefined || TargetMode === 'External') return
      const path = URL.parse(Target, `zip:/${folder}`)?.pathname.slice(1) ?? ''
      relations.set(Id, { partName: path.replaceAll('%20', ' '), kind: Type?.split('/').at(-1) ?? '' })
    },
  })
  return relations
}
export interface Relation {
  partName: string
  kind: string
}

function withoutX(name: string): string {
  return name.startsWith('x:') ? name.slice(2) : name
}
