// SPDX-License-Identifier: Apache-2.0
// Host names and single web requests, through node:dns and node:http, which is loaded when it is asked for: few processes do.
import { lookup } from 'node:dns/promises'
import type { HttpAnswer, HttpGetOptions } from '../network.ts'

/** As the system resolves names, the hosts file included. */
export async function resolve(hostName: string): Promise<readonly string[]> {
  const found = await lookup(hostName, { all: true })
  return found.map(({ address }) => address)
}

/** One GET over a connection of its own. */
export async function httpGet(url: string, options: HttpGetOptions): Promise<HttpAnswer> {
  const { timeoutMs, headers = {}, maxBodyBytes } = options
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  return new Promise((settle, reject) => {
    const request = get(url, { headers: { ...headers }, agent: false }, (answer) => {
      const parts: Buffer[] = []
      let size = 0
      answer.on('data', (part: Buffer) => {
        size += part.length
        parts.push(part)
        if (size <= maxBodyBytes) return
        // The end may have come with the same bytes; this error is first.
        fail(new Error(`${url} answered too much`))
        request.destroy()
      })
      answer.on('error', fail)
      answer.on('end', () => {
        clearTimeout(timer)
        settle({ status: answer.statusCode ?? 0, body: Buffer.concat(parts) })
      })
    })
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    const timer = setTimeout(
      () => request.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    )
    request.on('error', fail)
  })
}
