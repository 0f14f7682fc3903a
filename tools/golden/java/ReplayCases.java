// SPDX-License-Identifier: Apache-2.0
// Fills one real store per feature, for replays that have to give back the same bytes.

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;

public final class ReplayCases {
    private static final String LONG_TOPIC = "%RETRY%" + "g".repeat(121);
    private static int uniqueKeys;

    private interface Writer {
        void write(ReplayStore store) throws Exception;
    }

    private interface Settings {
        void apply(ReplayStore store) throws Exception;
    }

    private final Path work;
    private final Map<String, ReplayStore> open = new TreeMap<>();

    private ReplayCases(Path work) {
        this.work = work;
    }

    /** Arguments: work folder, output folder. */
    public static void main(String[] args) {
        try {
            ReplayCases cases = new ReplayCases(Path.of(args[0]));
            cases.writeAll();
            cases.stopAll();
            for (Map.Entry<String, ReplayStore> one : cases.open.entrySet()) {
                Golden.write(Path.of(args[1]), one.getKey(), one.getValue().recorded());
            }
            Runtime.getRuntime().halt(0);
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private void writeAll() throws Exception {
        run("plain", store -> { }, ReplayCases::plain);
        run("version-2", store -> { }, ReplayCases::longTopics);
        run("ipv6", store -> { }, ReplayCases::addresses);
        run("compressed", store -> { }, ReplayCases::compressed);
        run("batch", store -> { }, ReplayCases::batches);
        run("inner-batch", store -> store.topic("Batched", "queue.type", "BatchCQ"), ReplayCases::innerBatches);
        run("property-crc", store -> store.set("enabledAppendPropCRC", true).set("mappedFileSizeCommitLog", 64 * 1024).set("maxMessageSize", 48 * 1024), ReplayCases::checksums);
        run("inner-batch-crc", store -> store.set("enabledAppendPropCRC", true).topic("Batched", "queue.type", "BatchCQ"), ReplayCases::innerBatches);
        run("transaction", store -> { }, ReplayCases::transactions);
        run("half-last", store -> { }, store -> {
            transactions(store);
            MessageExtBrokerInner half = store.message("Plain", 0, body(5, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "open");
            half.setSysFlag(MessageSysFlag.TRANSACTION_PREPARED_TYPE);
            store.put(half);
        });
        run("delay", store -> { }, ReplayCases::delays);
        run("multi-dispatch", store -> store.set("enableLmq", true).set("enableMultiDispatch", true), ReplayCases::multiDispatch);
        run("multi-dispatch-crc", store -> store.set("enableLmq", true).set("enableMultiDispatch", true).set("enabledAppendPropCRC", true),
            ReplayCases::multiDispatch);
        run("queue-ext", store -> store.set("enableConsumeQueueExt", true).set("mappedFileSizeConsumeQueueExt", 400), ReplayCases::queueExt);
        run("size-limits", store -> store.set("mappedFileSizeCommitLog", 64 * 1024).set("maxMessageSize", 16 * 1024), ReplayCases::sizeLimits);
        run("index-roll", store -> store.set("maxIndexNum", 16).set("maxHashSlotNum", 4), ReplayCases::indexes);
        run("several-paths", store -> store.set("storePathCommitLog", ReplayStore.ROOT + "/commitlog-a," + ReplayStore.ROOT + "/commitlog-b"),
            ReplayCases::plain);
        // The oldest file of a log is gone and so are the queues: they are rebuilt and start above 0.
        ReplayStore cut = run("first", store -> { }, ReplayCases::plain);
        cut.stop();
        open.remove("first");
        Path log = Files.createDirectories(work.resolve("queue-start").resolve("commitlog"));
        Path second = log.resolve("00000000000000016384");
        Files.copy(cut.folder.resolve("commitlog").resolve(second.getFileName()), second);
        run("queue-start", store -> store.from("commitlog/00000000000000016384"), store -> { });
    }

    private ReplayStore run(String name, Settings settings, Writer writer) throws Exception {
        uniqueKeys = 0;
        ReplayStore store = new ReplayStore(work.resolve(name));
        settings.apply(store);
        store.open();
        open.put(name, store);
        writer.write(store);
        return store;
    }

    /** A stop takes seconds in which nothing happens, so all stop side by side. */
    private void stopAll() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> stops = new ArrayList<>();
        for (ReplayStore store : open.values()) {
            stops.add(threads.submit(() -> {
                store.stop();
                return null;
            }));
        }
        for (Future<?> stop : stops) {
            stop.get();
        }
    }

    /** Files of the log, the queues and the index roll; the log's files end with blanks. */
    private static void plain(ReplayStore store) throws Exception {
        for (int i = 0; i < 60; i++) {
            List<String> properties = new ArrayList<>(List.of("UNIQ_KEY", uniqueKey(), "KEYS", i % 10 == 0 ? "key" + i + " shared" : "key" + i));
            if (i % 7 != 6) {
                properties.addAll(List.of("TAGS", "Tag" + (char) ('A' + i % 3)));
            }
            store.put(i % 9 == 8 ? "Other" : "Plain", i % 2, body(i, 150 + i % 5 * 140), properties.toArray(String[]::new));
        }
        store.put("Plain", 0, new byte[0], "UNIQ_KEY", uniqueKey(), "TAGS", "TagE");
        store.put("Plain", 0, body(61, 9));
        store.put("\u8ba2\u5355", 3, utf8("\u6d88\u606f \ud83d\ude80"), "UNIQ_KEY", uniqueKey(), "TAGS", "\u6807\u7b7e", "KEYS", "\u952e \u952e2", "\u540d", "\u503c");
        store.put("Plain", 1, body(63, 40), "UNIQ_KEY", uniqueKey(), "KEYS", " two  blanks ", "TAGS", "", "EMPTY", "");
    }

    private static void longTopics(ReplayStore store) throws Exception {
        for (int i = 0; i < 12; i++) {
            String topic = i % 3 == 0 ? "t".repeat(127) : i % 3 == 1 ? LONG_TOPIC : "%RETRY%" + "g".repeat(248);
            store.put(topic, i % 2, body(i, 64), "UNIQ_KEY", uniqueKey(), "TAGS", "TagA", "KEYS", "long" + i);
        }
    }

    private static void addresses(ReplayStore store) throws Exception {
        for (int i = 0; i < 8; i++) {
            MessageExtBrokerInner message = store.message("Addresses", 0, body(i, 80), "UNIQ_KEY", uniqueKey(), "KEYS", "v" + i);
            if ((i & 1) != 0) {
                message.setBornHost(ReplayStore.address("2001:db8::1:2", 54321));
            }
            if ((i & 2) != 0) {
                message.setStoreHost(ReplayStore.address("2001:db8::9", 10911));
            }
            store.put(message);
        }
    }

    private static void compressed(ReplayStore store) throws Exception {
        byte[] large = utf8("compress me, ".repeat(500));
        for (CompressionType type : CompressionType.values()) {
            byte[] body = CompressorFactory.getCompressor(type).compress(large, 5);
            MessageExtBrokerInner message = store.message("Compressed", 0, body, "UNIQ_KEY", uniqueKey(), "KEYS", type.name(), "TAGS", "TagZ");
            message.setSysFlag(MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag());
            store.put(message);
        }
    }

    private static void batches(ReplayStore store) throws Exception {
        store.putBatch("Plain", 1, messages("Plain", 5));
        store.putBatch("Plain", 0, messages("Plain", 1), "CLUSTER", "GoldenCluster");
        store.putBatch("Plain", 1, messages("Plain", 30), "CLUSTER", "GoldenCluster");
        store.putBatch(LONG_TOPIC, 0, messages(LONG_TOPIC, 3));
        store.put("Plain", 1, body(7, 100), "UNIQ_KEY", uniqueKey(), "KEYS", "after");
    }

    private static void innerBatches(ReplayStore store) throws Exception {
        for (int i = 0; i < 30; i++) {
            int count = 1 + i % 4;
            store.putInnerBatch("Batched", i % 2, messages("Batched", count), "UNIQ_KEY", uniqueKey(), "TAGS", "TagB", "KEYS", "inner" + i);
        }
        store.put("Batched", 0, body(8, 100), "UNIQ_KEY", uniqueKey(), "TAGS", "TagS", "KEYS", "single");
        store.putInnerBatch("Batched", 0, messages("Batched", 2), "UNIQ_KEY", uniqueKey());
    }

    private static void checksums(ReplayStore store) throws Exception {
        batches(store);
        transactions(store);
        store.put("Plain", 0, body(4, 25));
        // Older clients leave the separator behind the last property out.
        MessageExtBrokerInner open = store.message("Plain", 0, body(5, 25), "UNIQ_KEY", uniqueKey());
        open.setPropertiesString("UNIQ_KEY\u0001" + open.getProperty("UNIQ_KEY"));
        store.put(open);
        store.put("Plain", 0, body(6, 25), "UNIQ_KEY", uniqueKey(), "p", "v".repeat(32767 - 20 - 3 - 42));
        store.put("Plain", 0, body(7, 25), "UNIQ_KEY", uniqueKey(), "p", "v".repeat(32767 - 20 - 2 - 42));
        store.put("Plain", 0, body(8, 25), "UNIQ_KEY", uniqueKey(), "KEYS", "behind");
    }

    private static void transactions(ReplayStore store) throws Exception {
        store.put("Plain", 0, body(1, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "before");
        int[] types = {MessageSysFlag.TRANSACTION_PREPARED_TYPE, MessageSysFlag.TRANSACTION_ROLLBACK_TYPE, MessageSysFlag.TRANSACTION_COMMIT_TYPE};
        for (int type : types) {
            MessageExtBrokerInner message = store.message("Plain", 0, body(type, 50), "UNIQ_KEY", uniqueKey(), "TAGS", "TagT", "KEYS", "tran" + type);
            message.setSysFlag(type);
            message.setPreparedTransactionOffset(4096);
            store.put(message);
        }
        // What a broker really leaves: a half message under the half topic, and what becomes of it.
        String key = uniqueKey();
        store.put("RMQ_SYS_TRANS_HALF_TOPIC", 0, body(2, 50), "UNIQ_KEY", key, "TRAN_MSG", "true", "PGROUP", "group", "__transactionId__", key,
            "REAL_TOPIC", "Plain", "REAL_QID", "1", "KEYS", "half", "TAGS", "TagT");
        store.put("RMQ_SYS_TRANS_OP_HALF_TOPIC", 0, utf8("0,"), "TAGS", "d");
        MessageExtBrokerInner committed = store.message("Plain", 1, body(2, 50), "UNIQ_KEY", key, "TRAN_MSG", "true", "PGROUP", "group", "__transactionId__", key,
            "KEYS", "half", "TAGS", "TagT");
        committed.setSysFlag(MessageSysFlag.TRANSACTION_COMMIT_TYPE);
        committed.setPreparedTransactionOffset(500);
        store.put(committed);
        store.put("Plain", 0, body(3, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "behind");
    }

    private static void delays(ReplayStore store) throws Exception {
        for (String level : new String[] {"1", "3", "3", "18"}) {
            store.put("SCHEDULE_TOPIC_XXXX", Integer.parseInt(level) - 1, body(3, 60), "UNIQ_KEY", uniqueKey(), "TAGS", "TagD", "KEYS", "delay" + level,
                "DELAY", level, "REAL_TOPIC", "Plain", "REAL_QID", "2");
        }
        store.put("SCHEDULE_TOPIC_XXXX", 17, body(3, 60), "UNIQ_KEY", uniqueKey(), "DELAY", "40", "REAL_TOPIC", "Plain", "REAL_QID", "2");
        store.put("SCHEDULE_TOPIC_XXXX", 2, body(3, 60), "UNIQ_KEY", uniqueKey(), "TAGS", "TagD", "REAL_TOPIC", "Plain", "REAL_QID", "2");
    }

    private static void multiDispatch(ReplayStore store) throws Exception {
        String[] targets = {"%LMQ%a", "%LMQ%a,%LMQ%b", "%LMQ%b,%LMQ%c,%LMQ%a", "%LMQ%c,", "%LMQ%\u8ba2"};
        for (int i = 0; i < 25; i++) {
            store.put("Parent", i % 2, body(i, 90), "UNIQ_KEY", uniqueKey(), "KEYS", "light" + i, "TAGS", "TagM", "INNER_MULTI_DISPATCH", targets[i % targets.length]);
            if (i % 6 == 0) {
                store.put("Parent", 0, body(i, 20), "UNIQ_KEY", uniqueKey());
            }
        }
    }

    private static void queueExt(ReplayStore store) throws Exception {
        for (int i = 0; i < 60; i++) {
            List<String> properties = new ArrayList<>(List.of("UNIQ_KEY", uniqueKey(), "TAGS", "Tag" + i % 3));
            if (i % 4 != 0) {
                properties.addAll(List.of("BITS", "0f".repeat(i % 8 + 1)));
            }
            store.put("Plain", i % 2, body(i, 70), properties.toArray(String[]::new));
        }
    }

    /** The last ones that are taken and the first ones that are refused. */
    private static void sizeLimits(ReplayStore store) throws Exception {
        int most = 16 * 1024;
        store.put("Plain", 0, body(1, most), "UNIQ_KEY", uniqueKey());
        store.put("Plain", 0, body(2, most + 1), "UNIQ_KEY", uniqueKey());
        store.put("Plain", 0, body(3, 10), "p", "v".repeat(32767 - 3));
        store.put("Plain", 0, body(4, 10), "p", "v".repeat(32767 - 2));
        store.put("t".repeat(127), 0, body(5, 10));
        // Each message of a batch takes 22 bytes and its WAIT property 10.
        store.putBatch("Plain", 0, List.of(new Message("Plain", body(6, most - 64)), new Message("Plain", new byte[0])));
        // Leaves exactly the room of a blank in its file, then one byte less.
        for (int rest : new int[] {8, 7}) {
            long at = store.end();
            long room = 64 * 1024 - at % (64 * 1024);
            while (room > most) {
                store.put("Plain", 0, body(7, 8000), "UNIQ_KEY", uniqueKey());
                room = 64 * 1024 - store.end() % (64 * 1024);
            }
            int fixed = 91 + "Plain".length();
            store.put("Plain", 0, body(8, (int) room - fixed - rest));
            store.put("Plain", 0, body(9, 20));
        }
    }

    private static void indexes(ReplayStore store) throws Exception {
        for (int i = 0; i < 20; i++) {
            store.put("Plain", 0, body(i, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "shared a" + i + " b" + i, "TAGS", "TagA");
        }
        MessageExtBrokerInner rolledBack = store.message("Plain", 0, body(1, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "rolledBack");
        rolledBack.setSysFlag(MessageSysFlag.TRANSACTION_ROLLBACK_TYPE);
        store.put(rolledBack);
        Thread.sleep(1100);
        store.put("Plain", 0, body(2, 30), "UNIQ_KEY", uniqueKey(), "KEYS", "polygenelubricants later");
    }

    private static List<Message> messages(String topic, int count) {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = new Message(topic, "TagBatch", "batch" + i, body(i, 50 + i));
            message.setFlag(i);
            MessageAccessor.putProperty(message, "UNIQ_KEY", uniqueKey());
            messages.add(message);
        }
        return messages;
    }

    private static String uniqueKey() {
        return String.format("0A0102030FA2070DEA4E%012X", ++uniqueKeys);
    }

    private static byte[] body(int seed, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append("message ").append(seed).append(" part ").append(i).append("; ");
        }
        return utf8(text.substring(0, length));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
