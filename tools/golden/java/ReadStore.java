// SPDX-License-Identifier: Apache-2.0
// Opens a copy of a store folder with the real broker and writes down everything it reads.

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.BoundaryType;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.QueryMessageResult;
import org.apache.rocketmq.store.SelectMappedBufferResult;
import org.apache.rocketmq.store.StoreCheckpoint;
import org.apache.rocketmq.store.queue.ConsumeQueueInterface;
import org.apache.rocketmq.store.queue.CqUnit;

public final class ReadStore {
    private final BrokerController broker;
    private final DefaultMessageStore store;

    private ReadStore(BrokerController broker) {
        this.broker = broker;
        this.store = (DefaultMessageStore) broker.getMessageStore();
    }

    /** Arguments: store folder, port, output folder, output name. */
    public static void main(String[] args) {
        try {
            Path folder = Path.of(args[0]);
            // Loading rewrites the checkpoint in time, so look at it first.
            Map<String, Object> checkpoint = checkpoint(new StoreCheckpoint(folder.resolve("checkpoint").toString()));
            BrokerController broker = StoreBroker.open(folder, Integer.parseInt(args[1]));
            broker.getMessageStore().start();
            while (broker.getMessageStore().dispatchBehindBytes() > 0) {
                Thread.sleep(20);
            }
            ReadStore reader = new ReadStore(broker);
            Golden.write(Path.of(args[2]), args[3], reader.everything(checkpoint));
            Runtime.getRuntime().halt(0);
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private Map<String, Object> everything(Map<String, Object> checkpoint) throws Exception {
        List<Map<String, Object>> messages = new ArrayList<>();
        List<Object> blanks = new ArrayList<>();
        walkCommitLog(messages, blanks);
        return Golden.map(
            "sizes", Golden.map(
                "commitLogFileBytes", StoreBroker.COMMIT_LOG_FILE_BYTES,
                "consumeQueueFileBytes", StoreBroker.CONSUME_QUEUE_FILE_BYTES,
                "hashSlots", StoreBroker.HASH_SLOTS,
                "indexEntries", StoreBroker.INDEX_ENTRIES),
            "minOffset", store.getMinPhyOffset(),
            "maxOffset", store.getMaxPhyOffset(),
            "checkpoint", checkpoint,
            "messages", messages,
            "blanks", blanks,
            "consumeQueues", consumeQueues(),
            "keyQueries", keyQueries(),
            "timeQueries", timeQueries(),
            "delayOffsets", delayOffsets());
    }

    private Map<String, Object> delayOffsets() {
        Map<String, Object> result = Golden.map();
        new TreeMap<>(broker.getScheduleMessageService().getOffsetTable())
            .forEach((level, offset) -> result.put(level.toString(), offset));
        return result;
    }

    private static Map<String, Object> checkpoint(StoreCheckpoint checkpoint) {
        return Golden.map(
            "physicMsgTimestamp", checkpoint.getPhysicMsgTimestamp(),
            "logicsMsgTimestamp", checkpoint.getLogicsMsgTimestamp(),
            "indexMsgTimestamp", checkpoint.getIndexMsgTimestamp(),
            "masterFlushedOffset", checkpoint.getMasterFlushedOffset(),
            "confirmPhyOffset", checkpoint.getConfirmPhyOffset(),
            "logicsPhysicalOffset", checkpoint.getLogicsPhysicalOffset(),
            "minTimestamp", checkpoint.getMinTimestamp());
    }

    private void walkCommitLog(List<Map<String, Object>> messages, List<Object> blanks) throws Exception {
        long position = store.getMinPhyOffset();
        while (position < store.getMaxPhyOffset()) {
            SelectMappedBufferResult rest = store.getCommitLog().getData(position);
            ByteBuffer bytes = rest.getByteBuffer();
            int size = bytes.getInt(0);
            if (bytes.getInt(4) == MessageDecoder.BLANK_MAGIC_CODE) {
                blanks.add(Golden.map("offset", position, "size", size));
                position = (position / StoreBroker.COMMIT_LOG_FILE_BYTES + 1) * StoreBroker.COMMIT_LOG_FILE_BYTES;
            } else {
                byte[] record = new byte[size];
                bytes.duplicate().get(record);
                messages.add(message(record));
                position += size;
            }
            rest.release();
        }
    }

    private static Map<String, Object> message(byte[] record) throws Exception {
        MessageExt stored = MessageDecoder.decode(ByteBuffer.wrap(record), true, false);
        MessageExt opened = MessageDecoder.decode(ByteBuffer.wrap(record), true, true);
        Map<String, Object> result = Golden.map(
            "topic", stored.getTopic(),
            "queueId", stored.getQueueId(),
            "queueOffset", stored.getQueueOffset(),
            "offset", stored.getCommitLogOffset(),
            "size", stored.getStoreSize(),
            "magic", Integer.toHexString(ByteBuffer.wrap(record).getInt(4)),
            "flag", stored.getFlag(),
            "sysFlag", stored.getSysFlag(),
            "tags", stored.getTags(),
            "keys", stored.getKeys(),
            "bornTimestamp", stored.getBornTimestamp(),
            "bornHost", host(stored.getBornHost()),
            "storeTimestamp", stored.getStoreTimestamp(),
            "storeHost", host(stored.getStoreHost()),
            "reconsumeTimes", stored.getReconsumeTimes(),
            "preparedTransactionOffset", stored.getPreparedTransactionOffset(),
            "bodyAt", bodyPosition(stored),
            "bodyBytes", length(stored.getBody()),
            "bodySha256", sha256(stored.getBody()),
            "bodyCrc", stored.getBodyCRC(),
            "msgId", stored.getMsgId(),
            "properties", new TreeMap<>(stored.getProperties()));
        if (length(stored.getBody()) != length(opened.getBody())) {
            result.put("inflatedBytes", length(opened.getBody()));
            result.put("inflatedSha256", sha256(opened.getBody()));
        }
        return result;
    }

    /** Where the body begins inside the record: after the fixed fields, whose hosts may be longer. */
    private static int bodyPosition(MessageExt message) {
        int host = 4 + 4;
        int hostV6 = 16 + 4;
        boolean bornV6 = (message.getSysFlag() & MessageSysFlag.BORNHOST_V6_FLAG) != 0;
        boolean storeV6 = (message.getSysFlag() & MessageSysFlag.STOREHOSTADDRESS_V6_FLAG) != 0;
        return 72 + (bornV6 ? hostV6 : host) + (storeV6 ? hostV6 : host);
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return Golden.hex(MessageDigest.getInstance("SHA-256").digest(bytes == null ? new byte[0] : bytes));
    }

    private static String host(java.net.SocketAddress address) {
        InetSocketAddress host = (InetSocketAddress) address;
        return "[" + host.getAddress().getHostAddress() + "]:" + host.getPort();
    }

    /** Entries are [commit log offset, size, tags code], from the least queue offset on. */
    private List<Object> consumeQueues() {
        List<Object> result = new ArrayList<>();
        var table = new TreeMap<>(store.getConsumeQueueTable());
        table.forEach((topic, queues) -> new TreeMap<>(queues).forEach((queueId, queue) -> result.add(Golden.map(
            "topic", topic,
            "queueId", queueId,
            "minQueueOffset", queue.getMinOffsetInQueue(),
            "maxQueueOffset", queue.getMaxOffsetInQueue(),
            "entries", entries(queue)))));
        return result;
    }

    private static List<Object> entries(ConsumeQueueInterface queue) {
        List<Object> result = new ArrayList<>();
        for (long i = queue.getMinOffsetInQueue(); i < queue.getMaxOffsetInQueue(); i++) {
            CqUnit unit = queue.get(i);
            result.add(List.of(unit.getPos(), unit.getSize(), unit.getTagsCode()));
        }
        return result;
    }

    private List<Object> keyQueries() throws Exception {
        List<Object> result = new ArrayList<>();
        String[][] queries = {
            {"TopicTest", "key0"}, {"TopicTest", "key339"}, {"TopicTest", "shared"}, {"TopicTest", "batch3"}, {"TopicTest", "v6"},
            {"TopicTest", "nobody"}, {"OrderTopic", "order5"}, {"OrderTopic", "key0"}, {"\u8ba2\u5355", "\u952e"}, {"TopicTest", "tran4"},
            {"TopicTest", "tran8"}, {"TopicTest", "tran12"}, {"TopicTest", "delay1"}, {"TopicTest", "delay5"}, {"TopicTest", "0A0102030FA2070DEA4E000000000001"},
        };
        for (String[] query : queries) {
            QueryMessageResult found = store.queryMessage(query[0], query[1], 64, 0, Long.MAX_VALUE);
            List<Object> offsets = new ArrayList<>();
            for (ByteBuffer buffer : found.getMessageBufferList()) {
                offsets.add(MessageDecoder.decode(buffer.duplicate(), false).getCommitLogOffset());
            }
            result.add(Golden.map("topic", query[0], "key", query[1], "maxCount", 64, "offsets", offsets));
        }
        return result;
    }

    private List<Object> timeQueries() {
        List<Object> result = new ArrayList<>();
        ConsumeQueueInterface queue = store.getConsumeQueue("TopicTest", 0);
        long max = queue.getMaxOffsetInQueue();
        long first = store.getMessageStoreTimeStamp("TopicTest", 0, 0);
        long middle = store.getMessageStoreTimeStamp("TopicTest", 0, max / 2);
        long last = store.getMessageStoreTimeStamp("TopicTest", 0, max - 1);
        for (long time : new long[] {0, first - 1, first, first + 1, middle - 1, middle, middle + 1, last, last + 1, Long.MAX_VALUE / 2}) {
            result.add(Golden.map("topic", "TopicTest", "queueId", 0, "timestamp", Golden.exact(time),
                "lower", store.getOffsetInQueueByTime("TopicTest", 0, time, BoundaryType.LOWER),
                "upper", store.getOffsetInQueueByTime("TopicTest", 0, time, BoundaryType.UPPER)));
        }
        return result;
    }
}
