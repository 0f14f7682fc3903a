// SPDX-License-Identifier: Apache-2.0
// Wrong settings are refused with a word that helps, before anything is connected.
import { RocketMQError } from '@rocketmq-ts/remoting'
import { describe, expect, it } from 'vitest'
import { parsePushConsumerOptions } from './consumer-config.ts'
import { parseProducerOptions } from './producer-config.ts'

const good = { namesrvAddr: 'localhost:9876', group: 'orders' }

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (RocketMQError.is(error) && error.code === 'RMQ_INVALID_ARGUMENT') return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('producer settings', () => {
  it.each([
    [{ ...good, namesrvAdr: 'x' }, 'has no setting namesrvAdr; did you mean namesrvAddr'],
    [{ ...good, namesrvAddr: 'localhost' }, 'localhost is not host:port'],
    [{ ...good, namesrvAddr: ' ; ' }, 'namesrvAddr is empty'],
    [{ ...good, namesrvAddr: 'a:0' }, 'a:0 is not host:port'],
    [{ ...good, group: '' }, 'group must be text'],
    [{ ...good, group: 'a b' }, 'a character other than'],
    [{ ...good, group: 'x'.repeat(121) }, 'at most 120'],
    [{ ...good, group: 'DEFAULT_PRODUCER' }, 'reserved name'],
    [{ ...good, sendTimeoutMs: 0 }, 'sendTimeoutMs must be a whole number from 1'],
    [{ ...good, sendTimeoutMs: '3' as never }, 'sendTimeoutMs must be a whole number from 1'],
    [{ ...good, compressionType: 'GZIP' as never }, 'must be one of ZLIB, ZSTD, LZ4'],
    [{ ...good, compressionLevel: 10 }, 'compressionLevel of ZLIB goes from 0 to 9'],
    [{ ...good, compressionLevel: 23 }, 'from 0 to 22'],
    [{ ...good, retryResponseCodes: [1, 2.5] }, 'retryResponseCodes has an item'],
    [{ ...good, credentials: { accessKey: 'a', secretKey: '' } }, 'both accessKey and secretKey'],
  ])('%o is refused', (options, expected) => {
    expect(refusal(() => parseProducerOptions(options))).toContain(expected)
  })

  it('takes name servers as text and as a list, once each', () => {
    const parsed = parseProducerOptions({ ...good, namesrvAddr: 'a:1; b:2;a:1' })
    expect(parsed.client.nameServers).toEqual(['a:1', 'b:2'])
    const list = parseProducerOptions({ ...good, namesrvAddr: ['a:1', '[::1]:2'] })
    expect(list.client.nameServers).toEqual(['a:1', '[::1]:2'])
  })

  it('has Java’s defaults', () => {
    expect(parseProducerOptions(good)).toMatchObject({
      sendTimeoutMs: 3000,
      retryTimesWhenSendFailed: 2,
      compressBodyOverBytes: 4096,
      compressionType: 'ZLIB',
      compressionLevel: 5,
      maxMessageBytes: 4_194_304,
      createTopicKey: 'TBW102',
      defaultTopicQueueNums: 4,
    })
  })
})

describe('consumer settings', () => {
  it.each([
    [{ ...good, messageModel: 'BROADCASTING' as const }, 'BROADCASTING is not supported yet'],
    [{ ...good, consumeMode: 'ORDERLY' as const }, 'ORDERLY is not supported yet'],
    [{ ...good, subscriptions: { 'bad topic': '*' } }, 'a character other than'],
    [{ ...good, subscriptions: { T: 7 as never } }, 'the subscription of T must be text'],
    [{ ...good, consumeFrom: 'YESTERDAY' as never }, 'consumeFrom must be'],
    [{ ...good, concurrency: 0 }, 'concurrency must be a whole number from 1'],
    [{ ...good, group: 'DEFAULT_CONSUMER' }, 'reserved name'],
  ])('%o is refused', (options, expected) => {
    expect(refusal(() => parsePushConsumerOptions(options))).toContain(expected)
  })
})
