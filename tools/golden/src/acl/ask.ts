// SPDX-License-Identifier: Apache-2.0
// Sends signed and unsigned requests to a broker from a chosen address, with a signature of its own making.

import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { type Answer, jsonHeader, jsonText, takeFrame } from '../frames.ts'

/** Who a request says it is from, and what it is signed with. */
export interface Signer {
  readonly accessKey?: string
  readonly secretKey?: string
  readonly securityToken?: string
  /** Sent in place of the right signature; `null` leaves it out. */
  readonly signature?: string | null
  /** Changed after signing. */
  readonly tampered?: 'field' | 'body' | 'added field'
}

/** One request before it is signed. */
export interface Probe {
  readonly code: number
  readonly fields: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a broker made of it. */
export interface Outcome {
  readonly code: number
  readonly remark: string | null
  readonly body?: string
}

/** The header fields that go out: those of the request and the signature's own. */
export function signedFields(probe: Probe, signer: Signer | undefined): Record<string, string> {
  if (signer === undefined) return { ...probe.fields }
  const fields: Record<string, string> = { ...probe.fields }
  if (signer.accessKey !== undefined) fields['AccessKey'] = signer.accessKey
  if (signer.securityToken !== undefined) fields['SecurityToken'] = signer.securityToken
  const right =
    signer.secretKey === undefined ? undefined : signatureOf(signer.secretKey, fields, probe.body)
  const signature = signer.signature === undefined ? right : (signer.signature ?? undefined)
  if (signature !== undefined) fields['Signature'] = signature
  if (signer.tampered === 'field') fields['topic'] = `${fields['topic'] ?? ''}x`
  if (signer.tampered === 'added field') fields['zz'] = '1'
  return fields
}

/** The body that goes out. */
export function sentBody(probe: Probe, signer: Signer | undefined): string | undefined {
  return signer?.tampered === 'body' ? `${probe.body ?? ''} ` : probe.body
}

/** Values in the order of their names, then the body. */
function signatureOf(
  secretKey: string,
  fields: Readonly<Record<string, string>>,
  body: string | undefined,
): string {
  const names = Object.keys(fields).sort()
  const text = names.map((name) => fields[name]).join('')
  return createHmac('sha1', secretKey)
    .update(text)
    .update(body ?? '')
    .digest('base64')
}

const answerTimeoutMs = 5000

/** A connection from one local address; requests go one after another. */
export class Asker {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #closed = false
  #wake: () => void = () => {}
  #opaque = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  /** Opens a connection; `from` is a loopback address of this machine. */
  static open(port: number, from = '127.0.0.1'): Promise<Asker> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Asker(socket))
      })
    })
  }

  /** The answer; its code is -1 when the server closed the connection and -2 when it said nothing. */
  async ask(probe: Probe, signer?: Signer): Promise<Outcome> {
    const opaque = ++this.#opaque
    const header = jsonHeader({
      code: probe.code,
      opaque,
      extFields: signedFields(probe, signer),
    })
    const body = sentBody(probe, signer)
    this.#socket.write(jsonText(header, body === undefined ? undefined : Buffer.from(body)))
    const answer = await this.#answer(opaque)
    if (typeof answer === 'number') return { code: answer, remark: null }
    const { code, remark, bodyHex } = answer
    const text = Buffer.from(bodyHex, 'hex').toString()
    return text === '' ? { code, remark } : { code, remark, body: text }
  }

  async #answer(opaque: number): Promise<Answer | -1 | -2> {
    const deadlineMs = performance.now() + answerTimeoutMs
    for (;;) {
      const frame = takeFrame(this.#received)
      if (frame !== undefined) {
        this.#received = frame.rest
        if ((frame.answer.flag & 1) !== 0 && frame.answer.opaque === opaque) return frame.answer
        continue
      }
      if (this.#closed) return -1
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) return -2
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  close(): void {
    this.#socket.destroy()
  }
}
