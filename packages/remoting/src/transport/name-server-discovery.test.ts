// SPDX-License-Identifier: Apache-2.0
// Name servers are found at Java's address, asked for again every two minutes, and kept when there is no answer.
import { expect, test } from 'vitest'
import { MemoryRuntime } from '../../test/memory-runtime.ts'
import {
  addressServerUrl,
  NameServerDiscovery,
  type NameServerSource,
} from './name-server-discovery.ts'

test('the address server stands where Java looks for it', () => {
  expect(addressServerUrl()).toBe('http://jmenv.tbsite.net:8080/rocketmq/nsaddr')
  expect(addressServerUrl('ns.example', 'group')).toBe('http://ns.example:8080/rocketmq/group')
  expect(addressServerUrl('ns.example:80', 'g', 'unit')).toBe(
    'http://ns.example:80/rocketmq/g-unit?nofix=1',
  )
  expect(addressServerUrl('ns.example', 'g', ' ')).toBe('http://ns.example:8080/rocketmq/g')
})

function discover(source: NameServerSource): {
  runtime: MemoryRuntime
  lists: (readonly string[])[]
  discovery: NameServerDiscovery
} {
  const runtime = new MemoryRuntime()
  const lists: (readonly string[])[] = []
  const discovery = new NameServerDiscovery({
    runtime,
    source,
    onChange: (addresses) => void lists.push(addresses),
  })
  return { runtime, lists, discovery }
}

const url = 'http://there:8080/rocketmq/nsaddr'
const page = (text: string, status = 200): { status: number; body: Uint8Array } => ({
  status,
  body: Buffer.from(text),
})

test('over HTTP: the first line counts, a new list is told once, a bad one never', async () => {
  const { runtime, lists, discovery } = discover({ kind: 'http', url })
  runtime.webPages.set(url, page(' 10.0.0.1:9876;10.0.0.2:9876\r\nmore\n'))
  await discovery.start()
  expect(lists).toEqual([['10.0.0.1:9876', '10.0.0.2:9876']])
  const { options } = runtime.httpGets[0]!
  expect(options).toMatchObject({ timeoutMs: 3000, headers: { 'Client-Version': 'V5_5_0' } })
  for (const bad of [page('x', 500), page(''), page('no port'), undefined]) {
    if (bad === undefined) runtime.webPages.delete(url)
    else runtime.webPages.set(url, bad)
    await runtime.advance(120_000)
  }
  expect([runtime.httpGets.length, lists.length]).toEqual([5, 1])
  runtime.webPages.set(url, page('10.0.0.3:9876'))
  await runtime.advance(120_000)
  expect(lists[1]).toEqual(['10.0.0.3:9876'])
  discovery.close()
  await runtime.advance(300_000)
  expect([runtime.httpGets.length, runtime.timerCount]).toEqual([6, 0])
})

test('by name: every address of the host, in any order the same list', async () => {
  const { runtime, lists, discovery } = discover({ kind: 'dns', address: 'ns.example:9876' })
  await discovery.start()
  expect(lists).toEqual([])
  runtime.hostNames.set('ns.example', ['10.0.0.2', '10.0.0.1', 'fe80::1'])
  await discovery.refresh()
  runtime.hostNames.set('ns.example', ['10.0.0.1', 'fe80::1', '10.0.0.2'])
  await discovery.refresh()
  expect(lists).toEqual([['10.0.0.1:9876', '10.0.0.2:9876', '[fe80::1]:9876']])
  discovery.close()
})
