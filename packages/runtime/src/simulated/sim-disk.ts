// SPDX-License-Identifier: Apache-2.0
// A simulated machine's file system: names and files as the kernel sees them and as the disk would have them.
import type { SimRandom } from './sim-random.ts'
import { SimInode } from './sim-inode.ts'

/** A change of a name that the disk does not have yet. */
type NameChange =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly inode: SimInode }
  | { readonly kind: 'unlink'; readonly path: string }
  | {
      readonly kind: 'rename'
      readonly from: string
      readonly path: string
      readonly inode: SimInode
    }

interface Names {
  readonly files: Map<string, SimInode>
  readonly directories: Set<string>
  /** How often the names in a directory have changed. */
  readonly changes: Map<string, number>
}

function noNames(): Names {
  return { files: new Map(), directories: new Set(['']), changes: new Map() }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function apply(names: Names, change: NameChange): void {
  const parent = parentOf(change.path)
  names.changes.set(parent, (names.changes.get(parent) ?? 0) + 1)
  if (change.kind === 'directory') names.directories.add(change.path)
  else if (change.kind === 'link') names.files.set(change.path, change.inode)
  else if (change.kind === 'unlink') {
    names.files.delete(change.path)
    names.directories.delete(change.path)
  } else {
    names.files.delete(change.from)
    names.files.set(change.path, change.inode)
  }
}

/** A journal loses from its end; other file systems keep an order within each directory, or none at all. */
function survivorsOf(pending: readonly NameChange[], random: SimRandom): readonly NameChange[] {
  const order = random.below(3)
  if (order === 0) return pending.slice(0, random.below(pending.length + 1))
  const share = random.below(5)
  if (order === 1) return pending.filter(() => random.below(4) < share)
  const lost = new Set<string>()
  return pending.filter(({ path }) => {
    if (random.below(4) >= share) lost.add(parentOf(path))
    return !lost.has(parentOf(path))
  })
}

/** Survives the processes that use it. Paths are absolute, `/` separates. */
export class SimDisk {
  #kernel = noNames()
  readonly #disk = noNames()
  /** In the order they were made. */
  #pending: NameChange[] = []

  file(path: string): SimInode | undefined {
    return this.#kernel.files.get(path)
  }

  hasDirectory(path: string): boolean {
    return this.#kernel.directories.has(path)
  }

  /** How often the names in a directory have changed: what its time of modification tells. */
  changesOf(directory: string): number {
    return this.#kernel.changes.get(directory) ?? 0
  }

  list(directory: string): string[] {
    const names = new Set<string>()
    const prefix = `${directory}/`
    for (const all of [this.#kernel.files.keys(), this.#kernel.directories]) {
      for (const path of all) {
        if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/', 1)[0] ?? '')
      }
    }
    return [...names].toSorted()
  }

  makeDirectory(path: string): void {
    if (path === '' || this.#kernel.directories.has(path)) return
    this.makeDirectory(parentOf(path))
    this.#change({ kind: 'directory', path })
  }

  /** Makes an empty file. @throws {Error} ENOENT when its directory is missing. */
  create(path: string): SimInode {
    if (!this.#kernel.directories.has(parentOf(path))) throw fileError('ENOENT', 'open', path)
    const inode = new SimInode()
    this.#change({ kind: 'link', path, inode })
    return inode
  }

  rename(from: string, to: string): void {
    const inode = this.#kernel.files.get(from)
    if (inode === undefined) throw fileError('ENOENT', 'rename', from)
    this.#change({ kind: 'rename', from, path: to, inode })
  }

  /** Removes a file, or a directory with all in it. */
  remove(path: string): void {
    const prefix = `${path}/`
    for (const file of [...this.#kernel.files.keys()]) {
      if (file === path || file.startsWith(prefix)) this.#change({ kind: 'unlink', path: file })
    }
    const directories = [...this.#kernel.directories].filter(
      (directory) => directory === path || directory.startsWith(prefix),
    )
    for (const directory of directories.toSorted().toReversed()) {
      this.#change({ kind: 'unlink', path: directory })
    }
  }

  /** Puts the names of one directory on the disk. */
  flushDirectory(path: string): void {
    const rest: NameChange[] = []
    for (const change of this.#pending) {
      if (parentOf(change.path) === path) apply(this.#disk, change)
      else rest.push(change)
    }
    this.#pending = rest
  }

  /** Bytes that files hold. */
  usedBytes(): number {
    let used = 0
    for (const inode of this.#kernel.files.values()) used += inode.heldBytes
    return used
  }

  /** Power fails: of what was not flushed, some of the names and any of the sectors survive. */
  losePower(random: SimRandom): void {
    for (const change of survivorsOf(this.#pending, random)) apply(this.#disk, change)
    this.#pending = []
    const files = new Map<string, SimInode>()
    for (const [path, inode] of this.#disk.files) {
      if (this.#isReachable(parentOf(path))) files.set(path, inode.afterPowerLoss(random))
    }
    const directories = [...this.#disk.directories].filter((path) => this.#isReachable(path))
    const changes = new Map(this.#disk.changes)
    this.#kernel = { files, directories: new Set(directories), changes }
    this.#disk.files.clear()
    for (const [path, inode] of files) this.#disk.files.set(path, inode)
  }

  #isReachable(directory: string): boolean {
    if (directory === '') return true
    return this.#disk.directories.has(directory) && this.#isReachable(parentOf(directory))
  }

  #change(change: NameChange): void {
    apply(this.#kernel, change)
    this.#pending.push(change)
  }
}

/** An error as the operating system words it. */
export function fileError(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code, syscall: call, path })
}
