// SPDX-License-Identifier: Apache-2.0
// Records message bytes, batches, property strings, message ids and hashes from the Java message classes.

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.TopicFilterType;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.message.MessageId;
import org.apache.rocketmq.common.message.MessageVersion;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.store.MessageExtEncoder;
import org.apache.rocketmq.store.PutMessageResult;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.index.IndexFile;

public final class RecordMessages {
    private static final long TIME = 1700000000123L;
    private static final String UNICODE = "\u540d\u79f0 \ud83d\ude80 \u00e9";

    private RecordMessages() {
    }

    public static void main(String[] args) throws Exception {
        Golden.write(Path.of(args[0]), "messages", Golden.map(
            "encoded", encodedMessages(),
            "laidOut", laidOutMessages(),
            "batches", batches(),
            "propertiesToString", propertiesToString(),
            "stringToProperties", stringToProperties(),
            "messageIds", messageIds(),
            "uniqueIds", uniqueIds(),
            "hashes", hashes()));
    }

    /** One message as the recorder wants it, before Java lays it out. */
    private static MessageExt message(String topic, String body, String... properties) throws Exception {
        MessageExt message = new MessageExt();
        fill(message, topic, Golden.utf8(body), properties);
        return message;
    }

    private static void fill(MessageExt message, String topic, byte[] body, String... properties) throws Exception {
        message.setTopic(topic);
        message.setBody(body);
        message.setFlag(0);
        message.setQueueId(3);
        message.setQueueOffset(12345678901L);
        message.setCommitLogOffset(1073741824L + 77);
        message.setBornTimestamp(TIME);
        message.setStoreTimestamp(TIME + 17);
        message.setBornHost(address("10.1.2.3", 54321));
        message.setStoreHost(address("10.4.5.6", 10911));
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        MessageAccessor.setProperties(message, map);
    }

    private static InetSocketAddress address(String ip, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    private static String repeat(String text, int times) {
        return text.repeat(times);
    }

    private static List<Object> encodedMessages() throws Exception {
        List<Object> cases = new ArrayList<>();
        MessageExt tagged = message("TopicTest", "Hello RocketMQ", "TAGS", "TagA", "KEYS", "k1 k2", "UNIQ_KEY", "0A0102030FA2070DEA4E10A1B2C30000");
        cases.add(encoded("IPv4, tags and keys", tagged));

        MessageExt unicode = message("TopicTest", "\u6d88\u606f " + UNICODE, UNICODE, UNICODE, "empty", "", "TAGS", "\u6807\u7b7e");
        unicode.setFlag(-1);
        cases.add(encoded("unicode properties, negative flag", unicode));

        cases.add(encoded("no properties", message("T", "b")));

        MessageExt noBody = message("TopicTest", "x", "TAGS", "TagA");
        noBody.setBody(new byte[0]);
        cases.add(encoded("empty body", noBody));

        MessageExt bornV6 = message("TopicTest", "v6 born", "TAGS", "TagA");
        bornV6.setBornHost(address("2001:db8::1:2", 54321));
        bornV6.setBornHostV6Flag();
        cases.add(encoded("IPv6 born host", bornV6));

        MessageExt bothV6 = message("TopicTest", "v6 both", "TAGS", "TagA");
        bothV6.setBornHost(address("2001:db8::1:2", 54321));
        bothV6.setBornHostV6Flag();
        bothV6.setStoreHost(address("fe80::9", 10911));
        bothV6.setStoreHostAddressV6Flag();
        cases.add(encoded("IPv6 both hosts", bothV6));

        MessageExt longTopic = message(repeat("t", 127), "127 bytes of topic");
        cases.add(encoded("topic of 127 bytes", longTopic));

        int[] transactionFlags = {MessageSysFlag.TRANSACTION_PREPARED_TYPE, MessageSysFlag.TRANSACTION_COMMIT_TYPE, MessageSysFlag.TRANSACTION_ROLLBACK_TYPE};
        String[] names = {"prepared", "commit", "rollback"};
        for (int i = 0; i < transactionFlags.length; i++) {
            MessageExt half = message("TopicTest", names[i], "TRAN_MSG", "true", "PGROUP", "PG");
            half.setSysFlag(transactionFlags[i]);
            half.setPreparedTransactionOffset(9876543210L);
            half.setReconsumeTimes(i + 1);
            cases.add(encoded("transaction " + names[i], half));
        }

        MessageExt multiTags = message("TopicTest", "multi tags", "TAGS", "TagA||TagB");
        multiTags.setSysFlag(MessageSysFlag.MULTI_TAGS_FLAG);
        cases.add(encoded("multi tags flag", multiTags));

        for (CompressionType type : CompressionType.values()) {
            MessageExt compressed = message("TopicTest", repeat("compress me, ", 400), "TAGS", "TagA");
            compressed.setSysFlag(MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag());
            cases.add(encoded("compressed " + type, compressed));
        }
        MessageExt untyped = message("TopicTest", repeat("compress me, ", 400), "TAGS", "TagA");
        untyped.setSysFlag(MessageSysFlag.COMPRESSED_FLAG);
        cases.add(encoded("compressed without a type", untyped));
        return cases;
    }

    private static Map<String, Object> encoded(String name, MessageExt message) throws Exception {
        message.setBodyCRC(UtilAll.crc32(message.getBody()));
        boolean compress = (message.getSysFlag() & MessageSysFlag.COMPRESSED_FLAG) != 0;
        byte[] bytes = MessageDecoder.encode(message, compress);
        return Golden.map("name", name, "hex", Golden.hex(bytes), "given", given(message), "javaReads", read(bytes));
    }

    private static Map<String, Object> given(MessageExt message) {
        return Golden.map(
            "topic", message.getTopic(),
            "flag", message.getFlag(),
            "bodyHex", Golden.hex(message.getBody()),
            "bodyCrc", message.getBodyCRC(),
            "queueId", message.getQueueId(),
            "queueOffset", Golden.exact(message.getQueueOffset()),
            "commitLogOffset", Golden.exact(message.getCommitLogOffset()),
            "sysFlag", message.getSysFlag(),
            "bornTimestamp", message.getBornTimestamp(),
            "bornHost", host((InetSocketAddress) message.getBornHost()),
            "storeTimestamp", message.getStoreTimestamp(),
            "storeHost", host((InetSocketAddress) message.getStoreHost()),
            "reconsumeTimes", message.getReconsumeTimes(),
            "preparedTransactionOffset", Golden.exact(message.getPreparedTransactionOffset()),
            "properties", message.getProperties() == null ? Golden.map() : new LinkedHashMap<>(message.getProperties()));
    }

    private static Map<String, Object> host(InetSocketAddress address) {
        return Golden.map("ip", address.getAddress().getHostAddress(), "port", address.getPort());
    }

    /** What Java decodes, with the body inflated. */
    private static Map<String, Object> read(byte[] bytes) {
        MessageExt message = MessageDecoder.decode(ByteBuffer.wrap(bytes), true, true);
        Map<String, Object> result = given(message);
        result.put("storeSize", message.getStoreSize());
        result.put("msgId", message.getMsgId());
        return result;
    }

    /** Records as the broker lays them out before the log stamps offsets; both record versions. */
    private static List<Object> laidOutMessages() throws Exception {
        List<Object> cases = new ArrayList<>();
        cases.add(laidOut("version 1", MessageVersion.MESSAGE_VERSION_V1, "TopicTest"));
        cases.add(laidOut("version 1, topic of 127 bytes", MessageVersion.MESSAGE_VERSION_V1, repeat("t", 127)));
        cases.add(laidOut("version 2, topic of 128 bytes", MessageVersion.MESSAGE_VERSION_V2, repeat("t", 128)));
        cases.add(laidOut("version 2, topic of 255 bytes", MessageVersion.MESSAGE_VERSION_V2, repeat("t", 255)));
        cases.add(laidOut("version 2, unicode topic", MessageVersion.MESSAGE_VERSION_V2, repeat("\u8ba2", 60)));
        return cases;
    }

    private static Map<String, Object> laidOut(String name, MessageVersion version, String topic) throws Exception {
        MessageExtBrokerInner message = new MessageExtBrokerInner();
        fill(message, topic, Golden.utf8("laid out"), "TAGS", "TagA", "UNIQ_KEY", "0A0102030FA2070DEA4E10A1B2C30001");
        message.setBodyCRC(UtilAll.crc32(message.getBody()));
        message.setVersion(version);
        message.setPropertiesString(MessageDecoder.messageProperties2String(message.getProperties()));
        MessageExtEncoder encoder = new MessageExtEncoder(new MessageStoreConfig());
        PutMessageResult refused = encoder.encode(message);
        if (refused != null) {
            throw new IllegalStateException(name + ": " + refused.getPutMessageStatus());
        }
        // The encoder hands out its whole buffer; the record says itself how long it is.
        ByteBuffer buffer = encoder.getEncoderBuffer();
        byte[] bytes = Arrays.copyOf(Golden.bytes(buffer), buffer.getInt(0));
        Map<String, Object> result = Golden.map(
            "name", name,
            "version", version == MessageVersion.MESSAGE_VERSION_V1 ? 1 : 2,
            "hex", Golden.hex(bytes),
            "given", given(message));
        result.put("propertiesString", message.getPropertiesString());
        return result;
    }

    private static List<Object> batches() throws Exception {
        Message plain = new Message("TopicTest", "TagA", "k1", Golden.utf8("first"));
        MessageAccessor.putProperty(plain, "UNIQ_KEY", "0A0102030FA2070DEA4E10A1B2C30002");
        Message unicode = new Message("TopicTest", "\u6807\u7b7e", "k2 k3", Golden.utf8(UNICODE));
        unicode.setFlag(7);
        Message bare = new Message("TopicTest", new byte[0]);
        MessageAccessor.setProperties(bare, null);
        List<Object> cases = new ArrayList<>();
        cases.add(batch("one message", List.of(plain)));
        cases.add(batch("three messages", List.of(plain, unicode, bare)));
        return cases;
    }

    private static Map<String, Object> batch(String name, List<Message> messages) throws Exception {
        byte[] bytes = MessageDecoder.encodeMessages(messages);
        return Golden.map("name", name, "hex", Golden.hex(bytes), "given", plainMessages(messages),
            "javaReads", plainMessages(MessageDecoder.decodeMessages(ByteBuffer.wrap(bytes))));
    }

    private static List<Object> plainMessages(List<Message> messages) {
        List<Object> result = new ArrayList<>();
        for (Message message : messages) {
            result.add(Golden.map(
                "flag", message.getFlag(),
                "bodyHex", Golden.hex(message.getBody()),
                "properties", message.getProperties() == null ? null : new LinkedHashMap<>(message.getProperties())));
        }
        return result;
    }

    private static List<Object> propertiesToString() {
        List<Object> cases = new ArrayList<>();
        String[][] maps = {
            {}, {"TAGS", "TagA"}, {"a", "1", "b", "2", "c", "3"}, {"empty", ""}, {"", "no name"}, {UNICODE, UNICODE},
            {"null", null, "after", "x"}, {"with separators", "a\u0001b\u0002c"},
        };
        for (String[] pairs : maps) {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < pairs.length; i += 2) {
                map.put(pairs[i], pairs[i + 1]);
            }
            List<Object> entries = new ArrayList<>();
            map.forEach((key, value) -> entries.add(Arrays.asList(key, value)));
            cases.add(Golden.map("entries", entries, "text", MessageDecoder.messageProperties2String(map)));
        }
        cases.add(Golden.map("entries", null, "text", MessageDecoder.messageProperties2String(null)));
        return cases;
    }

    private static List<Object> stringToProperties() {
        String[] texts = {
            "", "a\u00011\u0002", "a\u00011\u0002b\u00012\u0002", "a\u00011", "a\u00011\u0002b\u00012", "a\u0001\u0002", "a\u0001",
            "a", "a\u0002", "a\u0002b\u00012\u0002", "\u0001v\u0002", "\u0001", "\u0002", "\u0002\u0002a\u00011\u0002", "\u0001\u0002",
            "a\u0001b\u0001c\u0002", "a\u00011\u0002a\u00012\u0002", "a\u00011\u0002\u0002b\u00012\u0002", "aaaa\u0002b\u00012",
            UNICODE + "\u0001" + UNICODE + "\u0002", " a \u0001 1 \u0002", "a\u00011\u0002b", "a\u00011\u0002b\u0001", "x\u0001",
        };
        List<Object> cases = new ArrayList<>();
        for (String text : texts) {
            List<Object> entries = new ArrayList<>();
            Map<String, Object> entry = Golden.map("text", text);
            try {
                // Sorted, because Java's map has no order worth recording.
                new java.util.TreeMap<>(MessageDecoder.string2messageProperties(text))
                    .forEach((key, value) -> entries.add(Arrays.asList(key, value)));
                entry.put("sortedEntries", entries);
            } catch (RuntimeException e) {
                entry.put("error", e.toString());
            }
            cases.add(entry);
        }
        return cases;
    }

    private static List<Object> messageIds() throws Exception {
        List<Object> cases = new ArrayList<>();
        Object[][] inputs = {
            {"10.1.2.3", 10911, 0L}, {"255.255.255.255", 65535, Long.MAX_VALUE}, {"127.0.0.1", 0, 1073741901L},
            {"2001:db8::1:2", 10911, 77L}, {"::1", 1, -1L},
        };
        for (Object[] input : inputs) {
            InetSocketAddress address = address((String) input[0], (Integer) input[1]);
            String id = MessageDecoder.createMessageId(address, (Long) input[2]);
            MessageId read = MessageDecoder.decodeMessageId(id);
            cases.add(Golden.map("ip", address.getAddress().getHostAddress(), "port", address.getPort(),
                "offset", Golden.exact(input[2]), "id", id,
                "javaReads", Golden.map("host", host((InetSocketAddress) read.getAddress()), "offset", Golden.exact(read.getOffset()))));
        }
        for (String bad : new String[] {"", "00", "0A010203", repeat("0", 31), repeat("0", 33), repeat("Z", 32), repeat("0", 32), "0a01020300002a9f0000000000000000", repeat("0", 55)}) {
            Map<String, Object> entry = Golden.map("id", bad);
            try {
                MessageId read = MessageDecoder.decodeMessageId(bad);
                entry.put("javaReads", Golden.map("host", host((InetSocketAddress) read.getAddress()), "offset", Golden.exact(read.getOffset())));
            } catch (Throwable e) {
                entry.put("error", e.getClass().getSimpleName());
            }
            cases.add(entry);
        }
        return cases;
    }

    /** Unique ids carry their time relative to the first of a month, so Java's reading depends on when it looks. */
    private static Map<String, Object> uniqueIds() throws Exception {
        List<Object> cases = new ArrayList<>();
        List<String> ids = new ArrayList<>(List.of(
            "0A0102030FA2070DEA4E10A1B2C30000", "C0A800010001251A69D700000000FFFF", "FFFFFFFFFFFFFFFFFFFFFFFF7FFFFFFF",
            "20010DB8000000000000000000010002" + "1234" + "251A69D7" + "00ABCDEF" + "0007"));
        for (int i = 0; i < 2; i++) {
            // All but the address of the recording machine.
            String made = MessageClientIDSetter.createUniqID();
            ids.add("0A010203" + made.substring(made.length() - 24));
        }
        long readAt = System.currentTimeMillis();
        for (String id : ids) {
            cases.add(Golden.map("id", id,
                "ip", MessageClientIDSetter.getIPStrFromID(id),
                "pid", MessageClientIDSetter.getPidFromID(id),
                "nearlyTimeMs", MessageClientIDSetter.getNearlyTimeFromID(id).getTime()));
        }
        return Golden.map("readAtMs", readAt, "timeZone", "UTC", "cases", cases);
    }

    private static Map<String, Object> hashes() throws Exception {
        List<Object> cases = new ArrayList<>();
        Method indexHash = IndexFile.class.getDeclaredMethod("indexKeyHashMethod", String.class);
        Path file = java.nio.file.Files.createTempDirectory("golden-index").resolve("20231114221320000");
        IndexFile index = new IndexFile(file.toString(), 4, 8, 0, 0);
        String[] texts = {"", "TagA", "*", "\u6807\u7b7e", UNICODE, "TopicTest#k1", "TopicTest#TagA#T", "polygenelubricants", "TagA || TagB", repeat("z", 300)};
        for (String text : texts) {
            cases.add(Golden.map("text", text, "hashCode", text.hashCode(), "indexKeyHash", indexHash.invoke(index, text)));
        }
        index.destroy(0);
        List<Object> tags = new ArrayList<>();
        for (String tag : new String[] {null, "", "TagA", "\u6807\u7b7e", "polygenelubricants"}) {
            tags.add(Golden.map("tags", tag, "tagsCode", MessageExtBrokerInner.tagsString2tagsCode(TopicFilterType.SINGLE_TAG, tag)));
        }
        return Golden.map("strings", cases, "tagsCodes", tags);
    }
}
