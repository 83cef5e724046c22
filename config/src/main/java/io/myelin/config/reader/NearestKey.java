package io.myelin.config.reader;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which key was meant. */
final class NearestKey {
    /** Longer keys are not typing mistakes, and comparing them takes time. */
    private static final int MAX_LENGTH = 64;

    private NearestKey() {}

    /** Returns the key that takes the fewest changes to {@code written}, {@code null} if none is near. */
    static @Nullable String to(String written, Collection<String> known) {
        String text = written.toLowerCase(Locale.ROOT).replace('-', '_');
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        String nearest = null;
        int fewest = 1 + Math.max(1, text.length() / 3);
        for (String key : known) {
            int changes = changes(text, key);
            if (changes < fewest) {
                fewest = changes;
                nearest = key;
            }
        }
        return nearest;
    }

    /** Returns how many letters must be put in, taken out, replaced, or swapped with their neighbour. */
    private static int changes(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
