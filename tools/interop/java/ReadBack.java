// SPDX-License-Identifier: Apache-2.0
// Reads every queue of the topics from its first to its last offset with the stock pull client into a ledger.
//
// Prints QUEUE topic:id min max count per queue; a queue whose offsets have a hole is printed as HOLE.

import java.util.Set;
import java.util.TreeSet;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

@SuppressWarnings("deprecation")
public final class ReadBack {
    private ReadBack() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = new Arguments(words);
        DefaultMQPullConsumer consumer = new DefaultMQPullConsumer(arguments.text("group", "interop_reader"));
        consumer.setNamesrvAddr(arguments.text("namesrv"));
        consumer.start();
        long total = 0;
        try (Ledger ledger = new Ledger(arguments.text("ledger"))) {
            for (String topic : arguments.text("topic").split(",")) {
                Set<MessageQueue> queues = new TreeSet<>(consumer.fetchSubscribeMessageQueues(topic));
                for (MessageQueue queue : queues) total += read(consumer, queue, ledger);
            }
        }
        consumer.shutdown();
        System.out.println("DONE received=" + total);
        System.exit(0);
    }

    private static long read(DefaultMQPullConsumer consumer, MessageQueue queue, Ledger ledger) throws Exception {
        long first = consumer.minOffset(queue);
        long last = consumer.maxOffset(queue);
        long next = first;
        long count = 0;
        int refusals = 0;
        while (next < last) {
            PullResult result = consumer.pull(queue, "*", next, 256);
            if (result.getPullStatus() != PullStatus.FOUND) {
                // A short delay between log and queue right after a restart is allowed, a standstill is not.
                if (++refusals > 50) {
                    System.out.println("STUCK " + name(queue) + " at " + next + " of " + last + ": " + result.getPullStatus());
                    break;
                }
                if (result.getNextBeginOffset() > next) {
                    System.out.println("HOLE " + name(queue) + " from " + next + " to " + result.getNextBeginOffset());
                    next = result.getNextBeginOffset();
                }
                Thread.sleep(100);
                continue;
            }
            StringBuilder lines = new StringBuilder();
            for (MessageExt message : result.getMsgFoundList()) {
                if (message.getQueueOffset() != next) {
                    System.out.println("HOLE " + name(queue) + " from " + next + " to " + message.getQueueOffset());
                    next = message.getQueueOffset();
                }
                lines.append(Received.line(message, ((MessageClientExt) message).getOffsetMsgId()));
                next++;
                count++;
            }
            ledger.write(lines);
            next = Math.max(next, result.getNextBeginOffset());
        }
        System.out.println("QUEUE " + name(queue) + " " + first + " " + last + " " + count);
        return count;
    }

    private static String name(MessageQueue queue) {
        return queue.getTopic() + ":" + queue.getQueueId();
    }
}
