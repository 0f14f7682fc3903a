// SPDX-License-Identifier: Apache-2.0
// The ledger line of one received message, the same for the push consumer and for the pull reader.
//
// R, topic, unique key, offset message id, queue id, queue offset, reconsume times, body hash, body bytes,
// tag, keys, user property "sequence", store host, user property "text".

import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageExt;

final class Received {
    private Received() {}

    static String line(MessageExt message, String offsetMsgId) {
        return String.join("\t", "R", message.getTopic(), Ledger.plain(MessageClientIDSetter.getUniqID(message)),
            Ledger.plain(offsetMsgId), Integer.toString(message.getQueueId()), Long.toString(message.getQueueOffset()),
            Integer.toString(message.getReconsumeTimes()), Ledger.hash(message.getBody()),
            Integer.toString(message.getBody().length), Ledger.plain(message.getTags()), Ledger.plain(message.getKeys()),
            Ledger.plain(message.getUserProperty("sequence")), String.valueOf(message.getStoreHost()),
            Ledger.plain(message.getUserProperty("text"))) + "\n";
    }
}
