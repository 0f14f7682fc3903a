// SPDX-License-Identifier: Apache-2.0
// Runs mqadmin commands, one per line of standard input, in one process; ends each answer with a mark line.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.rocketmq.tools.command.MQAdminStartup;

public final class Admin {
    private Admin() {}

    public static void main(String[] words) throws Exception {
        PrintStream console = System.out;
        PrintStream complaints = System.err;
        console.println("READY");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) {
                ByteArrayOutputStream buffer = new ByteArrayOutputStream();
                PrintStream capture = new PrintStream(buffer, true, StandardCharsets.UTF_8);
                System.setOut(capture);
                System.setErr(capture);
                try {
                    MQAdminStartup.main0(line.trim().split(" +"), null);
                } catch (Throwable e) {
                    e.printStackTrace(capture);
                } finally {
                    System.setOut(console);
                    System.setErr(complaints);
                }
                for (String out : buffer.toString(StandardCharsets.UTF_8).split("\n")) console.println("| " + out);
                console.println("END " + line);
            }
        }
        System.exit(0);
    }
}
