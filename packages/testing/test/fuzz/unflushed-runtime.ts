// SPDX-License-Identifier: Apache-2.0
// This machine with a disk that is never waited for: what is tried here is the wire, and no power is lost.
import type { Files, Runtime } from '@rocketmq-ts/runtime'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'

/** The seams of this process, with flushes that do nothing. */
export function unflushedRuntime(): Runtime {
  const runtime = nodeRuntime()
  return { ...runtime, files: unflushed(runtime.files) }
}

function unflushed(files: Files): Files {
  return {
    ...files,
    open: (path, mode) => {
      const file = files.open(path, mode)
      file.flush = (done) => void setImmediate(done, undefined)
      file.flushSync = () => undefined
      return file
    },
    writeFile: (path, bytes) => files.writeFile(path, bytes),
    flushDirectory: () => undefined,
  }
}
