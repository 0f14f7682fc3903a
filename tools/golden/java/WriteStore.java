// SPDX-License-Identifier: Apache-2.0
// Fills a store through a real broker, then stops it cleanly or halts the process.

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageExtBatch;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.PutMessageResult;

public final class WriteStore {
    private static final long BORN = 1700000000000L;
    // Only retry topics may pass 127 bytes, so only they make version 2 records.
    private static final String LONG_TOPIC = "%RETRY%" + "g".repeat(121);

    private final BrokerController broker;
    private final DefaultMessageStore store;
    private int made;

    private WriteStore(BrokerController broker) {
        this.broker = broker;
        this.store = (DefaultMessageStore) broker.getMessageStore();
    }

    /** Arguments: store folder, port, and "stop" or "halt". */
    public static void main(String[] args) {
        try {
            BrokerController broker = StoreBroker.open(Path.of(args[0]), Integer.parseInt(args[1]));
            broker.start();
            WriteStore writer = new WriteStore(broker);
            writer.writeTables();
            writer.writeMessages();
            if (args[2].equals("halt")) {
                // Nothing is flushed on purpose: what reached the page cache is what a killed broker leaves.
                Runtime.getRuntime().halt(7);
            }
            broker.shutdown();
        } catch (Exception e) {
            // The broker's own threads would keep a failed process alive.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        System.exit(0);
    }

    private void writeTables() {
        TopicConfig ordered = new TopicConfig("OrderTopic", 2, 2, 6);
        ordered.setOrder(true);
        Map<String, String> attributes = new HashMap<>();
        attributes.put("+message.type", "FIFO");
        ordered.setAttributes(attributes);
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig("TopicTest", 4, 4, 6));
        broker.getTopicConfigManager().updateTopicConfig(ordered);
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig("\u8ba2\u5355", 1, 1, 6));
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig(LONG_TOPIC, 1, 1, 6));
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig("ReadOnly", 1, 1, 4));

        SubscriptionGroupConfig group = new SubscriptionGroupConfig();
        group.setGroupName("GoldenGroup");
        group.setRetryMaxTimes(3);
        broker.getSubscriptionGroupManager().updateSubscriptionGroupConfig(group);
        SubscriptionGroupConfig second = new SubscriptionGroupConfig();
        second.setGroupName("\u7ec4");
        second.setConsumeEnable(false);
        broker.getSubscriptionGroupManager().updateSubscriptionGroupConfig(second);
        broker.getSubscriptionGroupManager().updateForbidden("GoldenGroup", "TopicTest", 2, true);
        for (int queue = 0; queue < 4; queue++) {
            broker.getConsumerOffsetManager().commitOffset("golden", "GoldenGroup", "TopicTest", queue, 10L + queue);
        }
        broker.getConsumerOffsetManager().commitOffset("golden", "GoldenGroup", "OrderTopic", 0, 2L);
        broker.getConsumerOffsetManager().commitOffset("golden", "\u7ec4", "\u8ba2\u5355", 0, 1L);
    }

    private void writeMessages() throws Exception {
        for (int i = 0; i < 340; i++) {
            String tag = i % 7 == 6 ? null : "Tag" + (char) ('A' + i % 3);
            put(message("TopicTest", i % 4, body(i, 200 + i % 5 * 150), "TAGS", tag, "KEYS", "key" + i + (i % 10 == 0 ? " shared" : "")));
            if (i % 6 == 5) {
                // Index files are named by the millisecond, so two may not fill within one.
                Thread.sleep(2);
            }
        }
        for (int i = 0; i < 6; i++) {
            put(message("OrderTopic", i % 2, body(i, 40), "KEYS", "order" + i));
        }
        put(message("\u8ba2\u5355", 0, Golden.utf8("\u6d88\u606f \ud83d\ude80"), "TAGS", "\u6807\u7b7e", "KEYS", "\u952e", "\u540d", "\u503c"));
        put(message(LONG_TOPIC, 0, body(1, 64), "TAGS", "TagA", "KEYS", "long"));

        MessageExtBrokerInner bornV6 = message("TopicTest", 0, Golden.utf8("from IPv6"), "TAGS", "TagV6", "KEYS", "v6");
        bornV6.setBornHost(address("2001:db8::1:2", 54321));
        put(bornV6);
        MessageExtBrokerInner bothV6 = message("TopicTest", 1, Golden.utf8("to IPv6"), "TAGS", "TagV6");
        bothV6.setBornHost(address("2001:db8::1:2", 54321));
        bothV6.setStoreHost(address("2001:db8::9", 10911));
        put(bothV6);

        byte[] large = Golden.utf8("compress me, ".repeat(500));
        MessageExtBrokerInner compressed = message("TopicTest", 2, CompressorFactory.getCompressor(CompressionType.ZLIB).compress(large, 5), "TAGS", "TagZ", "KEYS", "zlib");
        compressed.setSysFlag(MessageSysFlag.COMPRESSED_FLAG | CompressionType.ZLIB.getCompressionFlag());
        put(compressed);
        put(message("TopicTest", 3, body(9, 12000), "TAGS", "TagL", "KEYS", "large"));
        put(message("TopicTest", 3, new byte[0], "TAGS", "TagE", "KEYS", "empty"));

        int[] flags = {MessageSysFlag.TRANSACTION_PREPARED_TYPE, MessageSysFlag.TRANSACTION_ROLLBACK_TYPE, MessageSysFlag.TRANSACTION_COMMIT_TYPE};
        for (int flag : flags) {
            MessageExtBrokerInner transaction = message("TopicTest", 0, Golden.utf8("transaction " + flag), "TAGS", "TagT", "KEYS", "tran" + flag);
            transaction.setSysFlag(flag);
            transaction.setPreparedTransactionOffset(4096);
            put(transaction);
        }

        putBatch();
        put(message("TopicTest", 2, Golden.utf8("delivered after level 1"), "TAGS", "TagD", "KEYS", "delay1", "DELAY", "1"));
        put(message("TopicTest", 2, Golden.utf8("waits for level 5"), "TAGS", "TagD", "KEYS", "delay5", "DELAY", "5"));
        waitFor("delivery of the delayed message", () -> store.getMaxOffsetInQueue("SCHEDULE_TOPIC_XXXX", 0) == 1
            && lastTags("TopicTest", 2).equals("TagD"));
        put(message("TopicTest", 0, Golden.utf8("last"), "TAGS", "TagA", "KEYS", "last"));
        waitFor("dispatch of everything", () -> store.dispatchBehindBytes() == 0);
    }

    private String lastTags(String topic, int queueId) throws Exception {
        long last = store.getMaxOffsetInQueue(topic, queueId) - 1;
        var unit = store.getConsumeQueue(topic, queueId).get(last);
        MessageExt message = unit == null ? null : store.lookMessageByOffset(unit.getPos());
        return message == null || message.getTags() == null ? "" : message.getTags();
    }

    private void putBatch() throws Exception {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Message message = new Message("TopicTest", "TagBatch", "batch" + i, body(i, 50 + i));
            MessageAccessor.putProperty(message, "UNIQ_KEY", uniqueKey());
            messages.add(message);
        }
        MessageExtBatch batch = new MessageExtBatch();
        batch.setTopic("TopicTest");
        batch.setQueueId(1);
        batch.setBody(MessageDecoder.encodeMessages(messages));
        batch.setBornTimestamp(BORN + made);
        batch.setBornHost(address("10.1.2.3", 54321));
        batch.setStoreHost(address("127.0.0.1", 10911));
        MessageAccessor.setProperties(batch, new HashMap<>());
        batch.setPropertiesString("");
        check(store.putMessages(batch));
    }

    private void put(MessageExtBrokerInner message) {
        check(store.putMessage(message));
    }

    private static void check(PutMessageResult result) {
        if (!result.isOk()) {
            throw new IllegalStateException("the store refused a message: " + result.getPutMessageStatus());
        }
    }

    private MessageExtBrokerInner message(String topic, int queueId, byte[] body, String... properties) throws Exception {
        MessageExtBrokerInner message = new MessageExtBrokerInner();
        message.setTopic(topic);
        message.setQueueId(queueId);
        message.setBody(body);
        message.setFlag(made % 3);
        message.setBornTimestamp(BORN + made);
        message.setBornHost(address("10.1.2.3", 54321));
        message.setStoreHost(address("127.0.0.1", 10911));
        message.setReconsumeTimes(made % 2);
        Map<String, String> map = new LinkedHashMap<>();
        map.put("UNIQ_KEY", uniqueKey());
        for (int i = 0; i < properties.length; i += 2) {
            if (properties[i + 1] != null) {
                map.put(properties[i], properties[i + 1]);
            }
        }
        MessageAccessor.setProperties(message, map);
        message.setPropertiesString(MessageDecoder.messageProperties2String(map));
        message.setBodyCRC(UtilAll.crc32(body));
        return message;
    }

    private String uniqueKey() {
        return String.format("0A0102030FA2070DEA4E%012X", ++made);
    }

    private static byte[] body(int seed, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append("message ").append(seed).append(" part ").append(i).append("; ");
        }
        return Golden.utf8(text.substring(0, length));
    }

    private static InetSocketAddress address(String ip, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void waitFor(String what, Condition condition) throws Exception {
        for (int i = 0; i < 600; i++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("waited 30 s in vain for " + what);
    }
}
