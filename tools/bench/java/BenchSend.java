// SPDX-License-Identifier: Apache-2.0
// Closed-loop producer on the stock client with exact latencies: after a warm-up, one measured window.
//
// Apache's own benchmark producer reports the mean and the maximum in whole milliseconds only, and its
// asynchronous mode has no bound on what is in flight; this one fills those two gaps.

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

public final class BenchSend {
    private static final class Sample {
        long[] nanos = new long[1 << 16];
        int count;

        synchronized void add(long value) {
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, count * 2);
            nanos[count++] = value;
        }
    }

    private final DefaultMQProducer producer = new DefaultMQProducer("bench_send");
    private final String topic;
    private final byte[] body;
    private final int batch;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean measuring;
    private volatile boolean stopped;

    private BenchSend(Map<String, String> options) throws Exception {
        topic = options.get("topic");
        batch = Integer.parseInt(options.getOrDefault("batch", "1"));
        body = new byte[Integer.parseInt(options.getOrDefault("body", "128"))];
        Arrays.fill(body, (byte) 'x');
        producer.setNamesrvAddr(options.get("namesrv"));
        producer.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
        producer.start();
    }

    public static void main(String[] words) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) options.put(words[i].substring(2), words[i + 1]);
        int threads = Integer.parseInt(options.getOrDefault("threads", "64"));
        int inFlight = Integer.parseInt(options.getOrDefault("in-flight", "0"));
        long count = Long.parseLong(options.getOrDefault("count", "0"));
        BenchSend bench = new BenchSend(options);
        AtomicLong left = new AtomicLong(count > 0 ? count : Long.MAX_VALUE);
        Semaphore permits = new Semaphore(Math.max(1, inFlight));
        List<Sample> samples = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < (inFlight > 0 ? 1 : threads); i++) {
            Sample sample = new Sample();
            samples.add(sample);
            Thread worker = new Thread(() -> {
                while (!bench.stopped && left.getAndDecrement() > 0) {
                    if (inFlight > 0) bench.sendAsync(permits, sample);
                    else bench.sendSync(sample);
                }
            });
            worker.start();
            workers.add(worker);
        }
        if (count == 0) {
            Thread.sleep(1000L * Integer.parseInt(options.getOrDefault("warm-up", "5")));
            bench.measuring = true;
            long before = bench.sent.get();
            long begin = System.nanoTime();
            System.out.println("WINDOW BEGIN");
            Thread.sleep(1000L * Integer.parseInt(options.getOrDefault("seconds", "5")));
            System.out.println("WINDOW END");
            bench.measuring = false;
            long messages = bench.sent.get() - before;
            double seconds = (System.nanoTime() - begin) / 1e9;
            bench.stopped = true;
            print(samples, messages, seconds, bench.failed.get());
        }
        for (Thread worker : workers) worker.join();
        permits.acquire(Math.max(1, inFlight));
        System.out.println("DONE sent=" + bench.sent.get() + " failed=" + bench.failed.get());
        bench.producer.shutdown();
        System.exit(0);
    }

    private static void print(List<Sample> samples, long messages, double seconds, long failed) {
        long[] all = samples.stream().flatMapToLong(sample -> {
            synchronized (sample) {
                return Arrays.stream(Arrays.copyOf(sample.nanos, sample.count));
            }
        }).sorted().toArray();
        StringBuilder line = new StringBuilder("RESULT messages=" + messages + " seconds=" + seconds + " failed=" + failed);
        for (double part : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
            long nanos = all.length == 0 ? 0 : all[(int) Math.min(all.length - 1, (long) (all.length * part))];
            line.append(" p").append(part * 100).append("=").append(nanos / 1000.0);
        }
        System.out.println(line);
    }

    private Message message() {
        return new Message(topic, body);
    }

    private void sendSync(Sample sample) {
        long begin = System.nanoTime();
        try {
            SendResult result;
            if (batch > 1) {
                List<Message> messages = new ArrayList<>(batch);
                for (int i = 0; i < batch; i++) messages.add(message());
                result = producer.send(messages);
            } else {
                result = producer.send(message());
            }
            note(result, begin, sample);
        } catch (Exception e) {
            failed.addAndGet(batch);
        }
    }

    private void sendAsync(Semaphore permits, Sample sample) {
        try {
            permits.acquire();
            long begin = System.nanoTime();
            producer.send(message(), new SendCallback() {
                @Override
                public void onSuccess(SendResult result) {
                    note(result, begin, sample);
                    permits.release();
                }

                @Override
                public void onException(Throwable e) {
                    failed.incrementAndGet();
                    permits.release();
                }
            });
        } catch (Exception e) {
            failed.incrementAndGet();
            permits.release();
        }
    }

    private void note(SendResult result, long begin, Sample sample) {
        if (result.getSendStatus() != SendStatus.SEND_OK) {
            failed.addAndGet(batch);
            return;
        }
        sent.addAndGet(batch);
        if (measuring) sample.add(System.nanoTime() - begin);
    }
}
