package io.myelin.route;

import io.myelin.route.Condition.Part;
import org.jspecify.annotations.Nullable;

/**
 * A text that must be found in one place of a request for a condition to hold.
 *
 * @param part the part of the request
 * @param place where in that part
 * @param text what is there, in lower case
 */
record TextKey(Part part, Place place, String text) {
    /** Where in a part of a request a text is looked for. */
    enum Place {
        WHOLE,
        FRONT,
        BACK,
        /** Anywhere between two delimiters. */
        BETWEEN
    }

    /** Returns the key of one text of {@code condition}, {@code null} if no single place is sure to hold it. */
    static @Nullable TextKey of(Condition.Text condition, String text) {
        Place place = placeOf(condition.match());
        boolean nowhere = place == Place.BETWEEN && text.isEmpty();
        return place == null || nowhere || condition.part() == Part.METHOD
                ? null
                : new TextKey(condition.part(), place, lower(text));
    }

    private static @Nullable Place placeOf(Match match) {
        return switch (match) {
            case EXACT -> Place.WHOLE;
            case BEGINS, SEGMENTS -> Place.FRONT;
            case ENDS -> Place.BACK;
            case DOMAIN -> Place.BETWEEN;
            case CONTAINS, STEPS -> null;
        };
    }

    private static String lower(String text) {
        char[] folded = text.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = Match.lower(folded[i]);
        }
        return new String(folded);
    }
}
