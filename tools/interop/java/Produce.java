// SPDX-License-Identifier: Apache-2.0
// Producer driver on the stock client: sends a plan of unique messages and writes each outcome to a ledger.
//
// Plan: kind:count,kind:count,... with the kinds sync, async, oneway, batch, select (one queue per shard,
// chosen by a selector) and mixed (sync and async threads side by side). A count of 0 sends until "stop".
// Ledger line: A acknowledged | O handed over one way | F failed or unknown, then topic, unique key,
// offset message id, queue id, queue offset, status, body hash, body bytes, tag, keys, sequence, lane, property.
// Commands on standard input: pause, resume, stop. Progress on standard output, one line per event.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientIDSetter;

public final class Produce {
    private final DefaultMQProducer producer;
    private final Ledger ledger;
    private final String[] topics;
    private final String[] tags;
    private final boolean keys;
    private final int bodyMin;
    private final int bodyMax;
    private final int batchSize;
    private final int inFlight;
    private final int onewayPerSecond;
    private final long runId;
    private final AtomicLong sequence;

    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder handedOver = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean paused;
    private volatile boolean stopped;
    private final Object gate = new Object();
    private int busy;

    private static final class Item {
        Message message;
        String hash;
        long sequence;
        String lane;
    }

    private Produce(Arguments arguments) throws Exception {
        topics = arguments.text("topic").split(",");
        tags = arguments.text("tags", "").isEmpty() ? new String[0] : arguments.text("tags").split(",");
        keys = arguments.flag("keys");
        bodyMin = Math.max(16, arguments.number("body-min", 64));
        bodyMax = Math.max(bodyMin, arguments.number("body-max", 512));
        batchSize = arguments.number("batch", 16);
        inFlight = arguments.number("in-flight", 256);
        onewayPerSecond = arguments.number("oneway-per-second", 10_000);
        runId = Long.parseUnsignedLong(arguments.text("run", "1"), 16);
        sequence = new AtomicLong();
        ledger = new Ledger(arguments.text("ledger"));
        producer = new DefaultMQProducer(arguments.text("group", "interop_producer"));
        producer.setNamesrvAddr(arguments.text("namesrv"));
        producer.setPollNameServerInterval(arguments.number("poll-ms", 30_000));
        producer.setSendMsgTimeout(arguments.number("timeout", 3000));
        producer.setRetryTimesWhenSendFailed(arguments.number("retries", 2));
        producer.setRetryTimesWhenSendAsyncFailed(arguments.number("retries", 2));
        producer.start();
    }

    public static void main(String[] words) throws Exception {
        Arguments arguments = new Arguments(words);
        Produce driver = new Produce(arguments);
        driver.paused = arguments.flag("paused");
        Thread commands = new Thread(driver::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        Thread progress = new Thread(driver::report, "progress");
        progress.setDaemon(true);
        progress.start();
        System.out.println("READY");
        int threads = arguments.number("threads", 8);
        for (String step : arguments.text("plan").split(",")) {
            String[] parts = step.split(":");
            driver.run(parts[0], Long.parseLong(parts[1]), threads);
        }
        driver.stopped = true;
        System.out.println("DONE " + driver.counts());
        driver.ledger.close();
        driver.producer.shutdown();
        System.exit(0);
    }

    private String counts() {
        return "acknowledged=" + acknowledged.sum() + " oneway=" + handedOver.sum() + " failed=" + failed.sum();
    }

    private void report() {
        try {
            while (!stopped) {
                System.out.println("PROGRESS " + counts());
                Thread.sleep(100);
            }
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }

    private void obey() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (gate) {
                    if (line.equals("pause")) paused = true;
                    if (line.equals("resume")) paused = false;
                    if (line.equals("stop")) stopped = true;
                    gate.notifyAll();
                    while (line.equals("pause") && busy > 0) gate.wait();
                }
                System.out.println("OBEYED " + line + " " + counts());
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
        synchronized (gate) {
            stopped = true;
            gate.notifyAll();
        }
    }

    /** Waits while paused; false when it is time to stop. */
    private boolean enter() throws InterruptedException {
        synchronized (gate) {
            while (paused && !stopped) gate.wait();
            if (stopped) return false;
            busy++;
            return true;
        }
    }

    private void leave() {
        synchronized (gate) {
            busy--;
            gate.notifyAll();
        }
    }

    private void run(String kind, long count, int threads) throws Exception {
        AtomicLong left = new AtomicLong(count == 0 ? Long.MAX_VALUE : count);
        int workers = kind.equals("async") || kind.equals("oneway") ? 1 : threads;
        List<Thread> all = new ArrayList<>();
        Semaphore permits = new Semaphore(inFlight);
        for (int i = 0; i < workers; i++) {
            String sort = kind.equals("mixed") ? (i == 0 ? "async" : "sync") : kind;
            String lane = sort + "-" + i;
            SplittableRandom random = new SplittableRandom(runId * 31 + lane.hashCode());
            Thread thread = new Thread(() -> work(sort, lane, left, random, permits), lane);
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) thread.join();
        permits.acquire(inFlight);
    }

    private void work(String kind, String lane, AtomicLong left, SplittableRandom random, Semaphore permits) {
        try {
            long begin = System.nanoTime();
            long sent = 0;
            while (enter()) {
                int wanted = kind.equals("batch") ? batchSize : 1;
                long before = left.getAndAdd(-wanted);
                if (before <= 0) {
                    leave();
                    return;
                }
                int size = (int) Math.min(wanted, before);
                if (kind.equals("async")) {
                    permits.acquire();
                    sendAsync(item(lane, random, null), permits);
                    continue;
                }
                try {
                    if (kind.equals("batch")) sendBatch(lane, size, random);
                    else if (kind.equals("oneway")) sendOneway(item(lane, random, null));
                    else sendSync(item(lane, random, null), kind.equals("select"));
                } finally {
                    leave();
                }
                sent++;
                if (kind.equals("oneway")) {
                    long due = begin + sent * 1_000_000_000L / onewayPerSecond - System.nanoTime();
                    if (due > 1_000_000) TimeUnit.NANOSECONDS.sleep(due);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Item item(String lane, SplittableRandom random, String topic) {
        Item item = new Item();
        item.sequence = sequence.incrementAndGet();
        item.lane = lane;
        byte[] body = new byte[bodyMin + random.nextInt(bodyMax - bodyMin + 1)];
        // Half of the bodies compress well, so that large ones are sent compressed and small gain is seen too.
        if ((item.sequence & 1) == 0) random.nextBytes(body);
        else java.util.Arrays.fill(body, (byte) ('a' + item.sequence % 26));
        ByteBuffer.wrap(body).putLong(runId).putLong(item.sequence);
        item.hash = Ledger.hash(body);
        Message message = new Message(topic == null ? topics[(int) (item.sequence % topics.length)] : topic, body);
        if (tags.length > 0) message.setTags(tags[(int) (item.sequence % tags.length)]);
        if (keys) message.setKeys("key-" + Long.toHexString(runId) + "-" + item.sequence + " every");
        message.putUserProperty("sequence", Long.toString(item.sequence));
        message.putUserProperty("text", "år € 訊息 " + item.sequence % 100);
        item.message = message;
        return item;
    }

    private void sendSync(Item item, boolean select) {
        try {
            SendResult result = select
                ? producer.send(item.message, (queues, message, shard) ->
                    queues.get(Math.floorMod(shard.hashCode(), queues.size())), item.lane)
                : producer.send(item.message);
            note(item, result, result.getOffsetMsgId(), result.getQueueOffset());
        } catch (Exception e) {
            fail(item, e);
        }
    }

    private void sendOneway(Item item) {
        try {
            producer.sendOneway(item.message);
            ledger.write(line("O", item, null, "", -1, -1, ""));
            handedOver.increment();
        } catch (Exception e) {
            fail(item, e);
        }
    }

    private void sendAsync(Item item, Semaphore permits) {
        try {
            producer.send(item.message, new SendCallback() {
                @Override
                public void onSuccess(SendResult result) {
                    note(item, result, result.getOffsetMsgId(), result.getQueueOffset());
                    permits.release();
                    leave();
                }

                @Override
                public void onException(Throwable e) {
                    fail(item, e);
                    permits.release();
                    leave();
                }
            });
        } catch (Exception e) {
            fail(item, e);
            permits.release();
            leave();
        }
    }

    private void sendBatch(String lane, int size, SplittableRandom random) {
        List<Item> items = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            // All messages of a batch go to one topic.
            Item item = item(lane, random, i == 0 ? null : messages.get(0).getTopic());
            items.add(item);
            messages.add(item.message);
        }
        try {
            SendResult result = producer.send(messages);
            String[] ids = result.getOffsetMsgId() == null ? new String[0] : result.getOffsetMsgId().split(",");
            StringBuilder lines = new StringBuilder();
            boolean ok = result.getSendStatus() == SendStatus.SEND_OK;
            for (int i = 0; i < size; i++) {
                lines.append(line(ok ? "A" : "F", items.get(i), result, i < ids.length ? ids[i] : "",
                    result.getMessageQueue().getQueueId(), result.getQueueOffset() + i, result.getSendStatus().name()));
            }
            ledger.write(lines);
            (ok ? acknowledged : failed).add(size);
        } catch (Exception e) {
            StringBuilder lines = new StringBuilder();
            for (Item item : items) lines.append(line("F", item, null, "", -1, -1, reason(e)));
            ledger.write(lines);
            failed.add(size);
            rest();
        }
    }

    private void note(Item item, SendResult result, String offsetMsgId, long queueOffset) {
        boolean ok = result.getSendStatus() == SendStatus.SEND_OK;
        ledger.write(line(ok ? "A" : "F", item, result, offsetMsgId, result.getMessageQueue().getQueueId(), queueOffset,
            result.getSendStatus().name()));
        (ok ? acknowledged : failed).increment();
    }

    private void fail(Item item, Throwable e) {
        ledger.write(line("F", item, null, "", -1, -1, reason(e)));
        failed.increment();
        rest();
    }

    private static void rest() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Throwable e) {
        String text = e.getClass().getSimpleName() + ": " + e.getMessage();
        return Ledger.plain(text.length() > 200 ? text.substring(0, 200) : text);
    }

    private static String line(
        String state, Item item, SendResult result, String offsetMsgId, int queueId, long queueOffset, String status) {
        Message message = item.message;
        return String.join("\t", state, message.getTopic(), Ledger.plain(MessageClientIDSetter.getUniqID(message)),
            Ledger.plain(offsetMsgId), Integer.toString(queueId), Long.toString(queueOffset), Ledger.plain(status),
            item.hash, Integer.toString(message.getBody() == null ? -1 : message.getBody().length),
            Ledger.plain(message.getTags()), Ledger.plain(message.getKeys()), Long.toString(item.sequence), item.lane,
            Ledger.plain(message.getUserProperty("text"))) + "\n";
    }
}
