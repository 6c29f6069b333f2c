import { closeSync, fsyncSync, openSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/**
 * PGlite's own NodeFS has no fsync, so a commit could vanish with the power. This one calls the real fsync; the server
 * must run without `-F` and with `wal_sync_method=fsync`, because Emscripten's fdatasync never reaches the file system.
 */
export class DurableNodeFs extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options)
    const preRun = [...asArray(emscriptenOpts.preRun), addFsync]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
}

interface Stream {
  /** Absent for a directory, which Emscripten does not really open. */
  nfd?: number
  node: unknown
}
interface EmscriptenModule {
  FS: {
    filesystems: {
      NODEFS: { realPath(node: unknown): string; stream_ops: { fsync?: (stream: Stream) => number } }
    }
  }
}

function addFsync(module: unknown): void {
  const { NODEFS } = (module as EmscriptenModule).FS.filesystems
  NODEFS.stream_ops.fsync = stream => {
    if (stream.nfd !== undefined) fsyncSync(stream.nfd)
    else fsyncDirectory(NODEFS.realPath(stream.node))
    return 0
  }
}

/** Makes the names in a directory durable, e.g. of a new segment of the log. */
function fsyncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function asArray<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}
