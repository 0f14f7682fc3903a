// SPDX-License-Identifier: Apache-2.0
// Command line of the drivers: --name value pairs, with no abbreviation and no silent default for a typo.

import java.util.HashMap;
import java.util.Map;

final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    Arguments(String[] words) {
        if (words.length % 2 != 0) throw new IllegalArgumentException("every --name needs a value");
        for (int i = 0; i < words.length; i += 2) {
            if (!words[i].startsWith("--")) throw new IllegalArgumentException("not an option: " + words[i]);
            values.put(words[i].substring(2), words[i + 1]);
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) throw new IllegalArgumentException("--" + name + " is missing");
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(values.getOrDefault(name, "false"));
    }
}
