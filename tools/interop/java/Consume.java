// SPDX-License-Identifier: Apache-2.0
// Push consumer driver on the stock client: writes what arrives to a ledger and says which queues it holds.
//
// Each message whose sequence divides by --retry-every is answered RECONSUME_LATER once (delay level 1).
// Commands on standard input: stop (commits offsets and leaves the group).

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyContext;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;

public final class Consume {
    private Consume() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = new Arguments(words);
        String[] topics = arguments.text("topic").split(",");
        int retryEvery = arguments.number("retry-every", 0);
        Ledger ledger = new Ledger(arguments.text("ledger"));
        LongAdder received = new LongAdder();
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(arguments.text("group"));
        consumer.setNamesrvAddr(arguments.text("namesrv"));
        // A retry topic appears only with the first message sent back: look for it soon, not every 30 s.
        consumer.setPollNameServerInterval(1000);
        // The client skips the heartbeat with its new subscription version when another one is under way, and the
        // broker then refuses its pulls until the next one: wait for that 2 s rather than 30.
        consumer.setHeartbeatBrokerInterval(2000);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setMessageModel(MessageModel.valueOf(arguments.text("model", "CLUSTERING")));
        consumer.setConsumeThreadMin(arguments.number("threads", 4));
        consumer.setConsumeThreadMax(arguments.number("threads", 4));
        consumer.setConsumeMessageBatchMaxSize(arguments.number("batch", retryEvery > 0 ? 1 : 32));
        for (String topic : topics) consumer.subscribe(topic, arguments.text("tags", "*"));
        consumer.registerMessageListener(new MessageListenerConcurrently() {
            @Override
            public ConsumeConcurrentlyStatus consumeMessage(List<MessageExt> messages, ConsumeConcurrentlyContext context) {
                StringBuilder lines = new StringBuilder();
                boolean later = false;
                for (MessageExt message : messages) {
                    lines.append(Received.line(message, ((MessageClientExt) message).getOffsetMsgId()));
                    if (retryEvery == 0 || message.getReconsumeTimes() > 0) continue;
                    if (Long.parseLong(message.getUserProperty("sequence")) % retryEvery == 0) later = true;
                }
                ledger.write(lines);
                received.add(messages.size());
                if (!later) return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
                context.setDelayLevelWhenNextConsume(1);
                return ConsumeConcurrentlyStatus.RECONSUME_LATER;
            }
        });
        consumer.start();
        System.out.println("READY");

        Thread progress = new Thread(() -> {
            String last = "";
            try {
                while (true) {
                    TreeSet<String> queues = new TreeSet<>();
                    for (MessageQueue queue : consumer.getDefaultMQPushConsumerImpl().getRebalanceImpl()
                        .getProcessQueueTable().keySet()) {
                        if (!queue.getTopic().startsWith("%")) queues.add(queue.getTopic() + ":" + queue.getQueueId());
                    }
                    String now = "RECEIVED " + received.sum() + " QUEUES " + String.join(",", queues);
                    if (!now.equals(last)) System.out.println(now);
                    last = now;
                    Thread.sleep(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "progress");
        progress.setDaemon(true);
        progress.start();

        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) { }
        }
        consumer.shutdown();
        ledger.close();
        System.out.println("DONE received=" + received.sum());
        System.exit(0);
    }
}
