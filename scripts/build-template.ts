/** Packs an empty embedded database (initdb done, pgvector created) into assets/, so that a first start takes about a second. */
import { writeFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

const database = await PGlite.create({ extensions: { vector } })
await database.exec('CREATE EXTENSION vector')
await database.exec('VACUUM FREEZE')
await database.exec('CHECKPOINT')
const tar = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer())
await database.close()

const packed = brotliCompressSync(tar, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
    [constants.BROTLI_PARAM_LGWIN]: 26,
    [constants.BROTLI_PARAM_SIZE_HINT]: tar.length,
  },
})
writeFileSync(new URL('../assets/embedded-template.tar.br', import.meta.url), packed)
process.stdout.write(`packed ${tar.length} bytes into ${packed.length}\n`)
