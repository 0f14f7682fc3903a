// SPDX-License-Identifier: Apache-2.0
// Stock clients with the credentials that standard input names, one line each: what becomes of a send, a push consumer and mqadmin.
// Line: name, access key, secret key (both - for none). Answer: "<name> send …", "<name> consume …", "<name> admin …", then "END <name>".

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.tools.command.MQAdminStartup;

public final class AclClients {
    private static final PrintStream CONSOLE = System.out;

    private AclClients() {
    }

    public static void main(String[] words) throws Exception {
        Arguments arguments = new Arguments(words);
        CONSOLE.println("READY");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) {
            String[] parts = line.split(" ");
            RPCHook hook = parts[1].equals("-") ? null : new AclClientRPCHook(new SessionCredentials(parts[1], parts[2]));
            CONSOLE.println(parts[0] + " send " + send(arguments, parts[0], hook));
            CONSOLE.println(parts[0] + " consume " + consume(arguments, parts[0], hook));
            CONSOLE.println(parts[0] + " admin " + admin(arguments, hook));
            CONSOLE.println("END " + parts[0]);
        }
        System.exit(0);
    }

    private static String send(Arguments arguments, String name, RPCHook hook) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer("Senders", hook);
        producer.setNamesrvAddr(arguments.text("namesrv"));
        producer.setInstanceName("send-" + name);
        producer.setRetryTimesWhenSendFailed(0);
        producer.start();
        try {
            return producer.send(new Message(arguments.text("topic"), name.getBytes(StandardCharsets.UTF_8)), 10_000).getSendStatus().name();
        } catch (MQBrokerException e) {
            return e.getResponseCode() + " " + e.getErrorMessage();
        } catch (MQClientException e) {
            if (!(e.getCause() instanceof MQBrokerException)) {
                throw e;
            }
            MQBrokerException refusal = (MQBrokerException) e.getCause();
            return refusal.getResponseCode() + " " + refusal.getErrorMessage();
        } finally {
            producer.shutdown();
        }
    }

    private static String consume(Arguments arguments, String name, RPCHook hook) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer("Readers-" + name, hook);
        consumer.setNamesrvAddr(arguments.text("namesrv"));
        consumer.setInstanceName("consume-" + name);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.subscribe(arguments.text("topic"), "*");
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            arrived.countDown();
            return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
        try {
            return arrived.await(arguments.number("wait-ms", 4000), TimeUnit.MILLISECONDS) ? "something" : "nothing";
        } finally {
            consumer.shutdown();
        }
    }

    /** Standard output and, of the stack trace, the words about the refusal. */
    private static String admin(Arguments arguments, RPCHook hook) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream complaints = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            MQAdminStartup.main0(new String[] {"getUser", "-n", arguments.text("namesrv"), "-b", arguments.text("broker"), "-u", "plain"}, hook);
        } finally {
            System.setOut(CONSOLE);
            System.setErr(complaints);
        }
        String[] refusal = err.toString(StandardCharsets.UTF_8).split("CODE: ", 2);
        String said = refusal.length == 2 ? refusal[1].split("\n")[0].replaceFirst(" {2}DESC: ", " ").replaceFirst(" BROKER: .*", "") : "";
        return (out.toString(StandardCharsets.UTF_8) + said).replace("\n", "|").trim();
    }
}
