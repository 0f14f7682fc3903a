// SPDX-License-Identifier: Apache-2.0
// What Java's header classes say a request needs: which fields name resources, and what is done to them.
import type { Action } from './action.ts'

/** A header field that names a resource, or several with a separator between them. */
export type ResourceField = readonly [
  field: string,
  type: 'Topic' | 'Group' | 'Cluster',
  separator?: string,
]

/** The annotations of one request's header class. */
export interface AnnotatedRequest {
  readonly actions: readonly Action[]
  readonly fields: readonly ResourceField[]
  /** The broker's own cluster is asked for when no field names anything. */
  readonly cluster?: boolean
}

/**
 * Source: @RocketMQAction and @RocketMQResource of the classes below org.apache.rocketmq.remoting.protocol.header, fields in the order
 * of their declaration. Requests that Java maps by hand are in request-access.ts.
 */
export const annotatedRequests: ReadonlyMap<number, AnnotatedRequest> = new Map<
  number,
  AnnotatedRequest
>([
  [18, { actions: ['Create'], fields: [] }],
  [21, { actions: ['List'], fields: [] }],
  [29, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [30, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [31, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [32, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [33, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [39, { actions: ['Pub'], fields: [['topic', 'Topic']] }],
  [40, { actions: ['Sub'], fields: [['consumerGroup', 'Group']] }],
  [100, { actions: ['Update'], fields: [], cluster: true }],
  [101, { actions: ['Get'], fields: [], cluster: true }],
  [102, { actions: ['Update'], fields: [], cluster: true }],
  [103, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [104, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [201, { actions: ['Get'], fields: [] }],
  [202, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [203, { actions: ['Get'], fields: [['consumerGroup', 'Group']] }],
  [204, { actions: ['Get'], fields: [], cluster: true }],
  [205, { actions: ['Update'], fields: [], cluster: true }],
  [207, { actions: ['Delete'], fields: [['groupName', 'Group']] }],
  [
    208,
    {
      actions: ['Get'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
        ['topicList', 'Topic', ';'],
      ],
    },
  ],
  [215, { actions: ['Delete'], fields: [['topic', 'Topic']] }],
  [216, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [217, { actions: ['Update'], fields: [], cluster: true }],
  [219, { actions: ['Get'], fields: [], cluster: true }],
  [
    222,
    {
      actions: ['Update'],
      fields: [
        ['group', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    223,
    {
      actions: ['Get'],
      fields: [
        ['topic', 'Topic'],
        ['group', 'Group'],
      ],
    },
  ],
  [224, { actions: ['List'], fields: [] }],
  [300, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [
    303,
    {
      actions: ['Get'],
      fields: [
        ['topic', 'Topic'],
        ['group', 'Group'],
      ],
    },
  ],
  [307, { actions: ['Get'], fields: [['consumerGroup', 'Group']] }],
  [
    308,
    {
      actions: ['Get'],
      fields: [
        ['filterGroups', 'Group', ','],
        ['compareGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    309,
    {
      actions: ['Sub'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    314,
    {
      actions: ['Update'],
      fields: [
        ['destGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [315, { actions: ['Get'], fields: [], cluster: true }],
  [317, { actions: ['Get'], fields: [], cluster: true }],
  [
    321,
    {
      actions: ['Get'],
      fields: [
        ['topic', 'Topic'],
        ['consumerGroup', 'Group'],
      ],
    },
  ],
  [322, { actions: ['Get'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [323, { actions: ['Update'], fields: [['topic', 'Topic']] }],
  [
    326,
    {
      actions: ['Sub'],
      fields: [
        ['producerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [327, { actions: ['Update'], fields: [], cluster: true }],
  [328, { actions: ['Get'], fields: [], cluster: true }],
  [343, { actions: ['Get'], fields: [['group', 'Group']] }],
  [
    345,
    {
      actions: ['Get'],
      fields: [
        ['group', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [351, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [352, { actions: ['Get'], fields: [['group', 'Group']] }],
  [
    353,
    {
      actions: ['Update'],
      fields: [
        ['group', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [354, { actions: ['Get'], fields: [['topic', 'Topic']] }],
  [355, { actions: ['Get'], fields: [], cluster: true }],
  [901, { actions: ['Get'], fields: [['clusterName', 'Cluster']] }],
  [902, { actions: ['Update'], fields: [], cluster: true }],
  [903, { actions: ['Update'], fields: [['brokerClusterName', 'Cluster']], cluster: true }],
  [904, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [905, { actions: ['Update'], fields: [], cluster: true }],
  [906, { actions: ['Update'], fields: [], cluster: true }],
  [908, { actions: ['Update'], fields: [], cluster: true }],
  [1001, { actions: ['Update'], fields: [], cluster: true }],
  [1003, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [1004, { actions: ['Get'], fields: [], cluster: true }],
  [1008, { actions: ['Update'], fields: [], cluster: true }],
  [1011, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [1012, { actions: ['Get'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [1013, { actions: ['Update'], fields: [['clusterName', 'Cluster']], cluster: true }],
  [3001, { actions: ['Update'], fields: [], cluster: true }],
  [3002, { actions: ['Update'], fields: [], cluster: true }],
  [3003, { actions: ['Update'], fields: [], cluster: true }],
  [3004, { actions: ['Get'], fields: [], cluster: true }],
  [3005, { actions: ['Get'], fields: [], cluster: true }],
  [3006, { actions: ['Update'], fields: [], cluster: true }],
  [3007, { actions: ['Update'], fields: [], cluster: true }],
  [3008, { actions: ['Update'], fields: [], cluster: true }],
  [3009, { actions: ['Get'], fields: [], cluster: true }],
  [3010, { actions: ['Get'], fields: [], cluster: true }],
  [
    200050,
    {
      actions: ['Sub'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    200051,
    {
      actions: ['Sub'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    200052,
    {
      actions: ['Sub'],
      fields: [
        ['topic', 'Topic'],
        ['consumerGroup', 'Group'],
      ],
    },
  ],
  [
    200053,
    {
      actions: ['Sub'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    200054,
    {
      actions: ['Sub'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [
    200055,
    {
      actions: ['Get'],
      fields: [
        ['consumerGroup', 'Group'],
        ['topic', 'Topic'],
      ],
    },
  ],
  [200073, { actions: ['Sub'], fields: [['consumerGroup', 'Group']] }],
])
