package io.myelin.route;

import io.myelin.route.Condition.Part;
import io.myelin.route.TextKey.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The numbers of the routes that ask for a text in one place of one part of a request, found by that text. */
final class TextIndex {
    /*
     * An open table from the hash of a text to the routes that ask for it, in order. The texts themselves are not
     * kept: a route found here is a candidate whose condition is evaluated in full, so that two texts with one hash
     * cost time and never change an answer. The hash of a request's part is rolled from character to character, and
     * looked up only at the lengths that some text has. Letters count as lower case, whatever the condition says.
     */
    private static final long SEED = 0xcbf29ce484222325L;
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private final Part part;
    private final Place place;
    private final Condition[] conditions;
    private final boolean[] lengths;
    private final long[] hashes;
    private final int[][] routes;
    private final int mask;

    /** Creates the index of {@code routesByText}, whose numbers rise. */
    TextIndex(Part part, Place place, Map<String, List<Integer>> routesByText, Condition[] conditions) {
        this.part = part;
        this.place = place;
        this.conditions = conditions;
        int longest =
                routesByText.keySet().stream().mapToInt(String::length).max().orElse(0);
        lengths = new boolean[longest + 1];
        int slots = Integer.highestOneBit(Math.max(1, routesByText.size())) * 4;
        hashes = new long[slots];
        routes = new int[slots][];
        mask = slots - 1;
        routesByText.forEach(this::add);
    }

    private void add(String text, List<Integer> numbers) {
        long hash = SEED;
        for (int i = 0; i < text.length(); i++) {
            hash = roll(hash, text.charAt(place == Place.BACK ? text.length() - 1 - i : i));
        }
        lengths[text.length()] = true;
        int slot = slot(hash);
        hashes[slot] = hash;
        int[] sharing = routes[slot];
        routes[slot] =
                sharing == null ? numbers.stream().mapToInt(Integer::intValue).toArray() : merged(sharing, numbers);
    }

    private static int[] merged(int[] sharing, List<Integer> numbers) {
        return IntStream.concat(Arrays.stream(sharing), numbers.stream().mapToInt(Integer::intValue))
                .sorted()
                .distinct()
                .toArray();
    }

    /** Returns the lowest number below {@code bound} of a route that takes {@code request}, {@code bound} if none. */
    int first(RequestView request, int bound) {
        CharSequence text = part.of(request);
        int end = part.end(text);
        return switch (place) {
            case WHOLE -> whole(request, text, end, bound);
            case FRONT -> front(request, text, end, bound);
            case BACK -> back(request, text, end, bound);
            case BETWEEN -> between(request, text, end, bound);
        };
    }

    private int whole(RequestView request, CharSequence text, int end, int bound) {
        if (end >= lengths.length || !lengths[end]) {
            return bound;
        }
        long hash = SEED;
        for (int i = 0; i < end; i++) {
            hash = roll(hash, text.charAt(i));
        }
        return candidates(hash, request, bound);
    }

    private int front(RequestView request, CharSequence text, int end, int bound) {
        int first = bound;
        long hash = SEED;
        int longest = Math.min(end, lengths.length - 1);
        for (int length = 0; length <= longest; length++) {
            if (lengths[length]) {
                first = candidates(hash, request, first);
            }
            hash = length < longest ? roll(hash, text.charAt(length)) : hash;
        }
        return first;
    }

    private int back(RequestView request, CharSequence text, int end, int bound) {
        int first = bound;
        long hash = SEED;
        int longest = Math.min(end, lengths.length - 1);
        for (int length = 0; length <= longest; length++) {
            if (lengths[length]) {
                first = candidates(hash, request, first);
            }
            hash = length < longest ? roll(hash, text.charAt(end - 1 - length)) : hash;
        }
        return first;
    }

    private int between(RequestView request, CharSequence text, int end, int bound) {
        int first = bound;
        boolean delimited = true;
        for (int start = 0; start < end; start++) {
            boolean delimiter = Match.delimiter(text.charAt(start));
            if (delimited && !delimiter) {
                first = startingAt(start, request, text, end, first);
            }
            delimited = delimiter;
        }
        return first;
    }

    private int startingAt(int start, RequestView request, CharSequence text, int end, int bound) {
        int first = bound;
        long hash = SEED;
        int last = Math.min(end, start + lengths.length - 1);
        for (int at = start; at < last; at++) {
            hash = roll(hash, text.charAt(at));
            boolean complete = at + 1 == end || Match.delimiter(text.charAt(at + 1));
            if (complete && lengths[at + 1 - start]) {
                first = candidates(hash, request, first);
            }
        }
        return first;
    }

    private int candidates(long hash, RequestView request, int bound) {
        int[] numbers = routes[slot(hash)];
        if (numbers != null) {
            for (int number : numbers) {
                if (number >= bound) {
                    return bound;
                }
                if (conditions[number].holds(request)) {
                    return number;
                }
            }
        }
        return bound;
    }

    /** Returns the slot of {@code hash}, or the free one where it would go. */
    private int slot(long hash) {
        int slot = (int) (hash >>> 32) & mask;
        while (routes[slot] != null && hashes[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long roll(long hash, char c) {
        return (hash ^ Match.lower(c)) * FACTOR;
    }
}
