// SPDX-License-Identifier: Apache-2.0
// One web request: status, headers and body, and every way in which there is no answer.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpGet, resolve } from './names.ts'

let server: Server
let url: string
const headersSeen: unknown[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    headersSeen.push(request.headers['client-version'])
    if (request.url === '/silent') return
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.end(request.url === '/large' ? 'x'.repeat(1000) : 'a:9876')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const options = { timeoutMs: 2000, maxBodyBytes: 100, headers: { 'Client-Version': 'V5_5_0' } }

test('an answer has its status and its body', async () => {
  const answer = await httpGet(`${url}/`, options)
  expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([200, 'a:9876'])
  expect(headersSeen).toEqual(['V5_5_0'])
  expect((await httpGet(`${url}/missing`, options)).status).toBe(404)
})

test('too much, too late and nobody there are errors', async () => {
  await expect(httpGet(`${url}/large`, options)).rejects.toThrow('answered too much')
  await expect(httpGet(`${url}/silent`, { ...options, timeoutMs: 50 })).rejects.toThrow(
    'did not answer within 50 ms',
  )
  await expect(httpGet('http://127.0.0.1:1/', options)).rejects.toThrow('ECONNREFUSED')
})

test('a name is resolved as the system does', async () => {
  expect(await resolve('localhost')).toContain('127.0.0.1')
})
