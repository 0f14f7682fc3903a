// SPDX-License-Identifier: Apache-2.0
// Makes instances of Java's body classes with every field set, from the declared types alone.

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

final class Filled {
    /** Which values a fill takes. */
    enum Style {
        USUAL, EXTREME
    }

    /** What Java fills beyond the range that a double holds exactly: sentinels and clocks of foreign clients. */
    private static final Set<String> FULL_RANGE = Set.of("EpochEntry.endOffset", "ConsumeQueueData.tagsCode",
        "SubscriptionData.subVersion", "SimpleSubscriptionData.version");

    private final Style style;
    private int depth;

    private Filled(Style style) {
        this.style = style;
    }

    static Object instance(Class<?> type, Style style) throws Exception {
        return new Filled(style).bean(type);
    }

    /** As its constructor makes it; where there is none without parameters, from zeros and nulls. */
    static Object untouched(Class<?> type) throws Exception {
        Constructor<?>[] constructors = type.getDeclaredConstructors();
        Arrays.sort(constructors, Comparator.comparingInt(Constructor::getParameterCount));
        for (Constructor<?> constructor : constructors) {
            constructor.setAccessible(true);
            try {
                return constructor.newInstance(nothing(constructor.getParameterTypes()));
            } catch (InvocationTargetException e) {
                // One that copies another instance; the next takes the fields.
                continue;
            }
        }
        throw new IllegalStateException("no constructor of " + type + " takes zeros and nulls");
    }

    private static Object[] nothing(Class<?>[] parameters) {
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].isPrimitive()) {
                arguments[i] = Array.get(Array.newInstance(parameters[i], 1), 0);
            } else if (Collection.class.isAssignableFrom(parameters[i])) {
                arguments[i] = collection(parameters[i]);
            }
        }
        return arguments;
    }

    private Object bean(Class<?> type) throws Exception {
        depth++;
        try {
            Object bean = untouched(type);
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    int modifiers = field.getModifiers();
                    if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers) || field.isSynthetic()) {
                        continue;
                    }
                    if (!isBodyField(field.getType())) {
                        continue;
                    }
                    field.setAccessible(true);
                    boolean isFull = style == Style.EXTREME && FULL_RANGE.contains(c.getSimpleName() + "." + field.getName());
                    field.set(bean, isFull ? (Object) Long.MAX_VALUE : value(field.getGenericType(), field.getName(), 0));
                }
            }
            return bean;
        } finally {
            depth--;
        }
    }

    /** Locks and random generators are no part of the body. */
    private static boolean isBodyField(Class<?> type) {
        return type.isPrimitive() || type.isArray() || !type.getName().startsWith("java.")
            || type.getName().startsWith("java.lang.") || type == AtomicLong.class || type == BitSet.class
            || type == Properties.class || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    private Object value(Type generic, String name, int turn) throws Exception {
        Class<?> type = (Class<?>) (generic instanceof ParameterizedType ? ((ParameterizedType) generic).getRawType() : generic);
        Type[] parameters = generic instanceof ParameterizedType ? ((ParameterizedType) generic).getActualTypeArguments() : new Type[0];
        boolean isUsual = style == Style.USUAL;
        int seed = name.length() + turn;
        if (type == String.class) {
            return isUsual ? name + "/" + turn : new String[] {"", "\"\\/\u0000\u001f\u007f\u2028", "\u00e9\u4e2d\ud83d\ude80", " <a&b>' "}[seed % 4];
        }
        if (type == int.class || type == Integer.class) {
            return isUsual ? 16 + seed : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0}[seed % 4];
        }
        if (type == long.class || type == Long.class || type == AtomicLong.class) {
            long number = isUsual ? 1700000000000L + seed : new long[] {-1, Integer.MAX_VALUE + 1L, (1L << 53) - 1, 0}[seed % 4];
            return type == AtomicLong.class ? (Object) new AtomicLong(number) : (Object) number;
        }
        if (type == boolean.class || type == Boolean.class) {
            return isUsual ? seed % 2 == 0 : seed % 2 == 1;
        }
        if (type == double.class || type == Double.class) {
            return isUsual ? 1.5 + seed : new double[] {0, 1e-7, 123456789.125, -1e10}[seed % 4];
        }
        if (type == float.class || type == Float.class) {
            return isUsual ? 1.5f + seed : -1e-7f;
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[seed % constants.length];
        }
        if (type == BitSet.class) {
            BitSet bits = new BitSet();
            bits.set(isUsual ? 9 : 0);
            bits.set(isUsual ? 0 : 64);
            return bits;
        }
        if (type == long[].class) {
            return isUsual ? new long[] {1000, 5000} : new long[0];
        }
        if (type == byte[].class) {
            return Golden.utf8(name);
        }
        if (type == Properties.class) {
            Properties properties = new Properties();
            properties.setProperty(name, "value");
            return properties;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return filled(collection(type), parameters[0], name);
        }
        if (Map.class.isAssignableFrom(type)) {
            Map<Object, Object> map = map(type);
            map.put(value(parameters[0], name, 1), value(parameters[1], name, 2));
            return map;
        }
        return bean(type);
    }

    private Collection<Object> filled(Collection<Object> items, Type item, String name) throws Exception {
        // Two of them show the order; deeper down one is enough.
        for (int turn = 1; turn <= (depth > 1 ? 1 : 2); turn++) {
            items.add(value(item, name, turn));
        }
        return items;
    }

    private static Collection<Object> collection(Class<?> type) {
        if (SortedSet.class.isAssignableFrom(type)) {
            return new TreeSet<>();
        }
        return Set.class.isAssignableFrom(type) ? new HashSet<>() : new ArrayList<>();
    }

    private static Map<Object, Object> map(Class<?> type) {
        if (type.isAssignableFrom(HashMap.class)) {
            return type == Map.class ? new LinkedHashMap<>() : new HashMap<>();
        }
        return TreeMap.class.isAssignableFrom(type) ? new TreeMap<>() : new ConcurrentHashMap<>();
    }
}
