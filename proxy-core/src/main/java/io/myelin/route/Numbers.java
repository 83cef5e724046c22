package io.myelin.route;

import java.util.List;

/** A set of numbers, as ranges. */
public record Numbers(List<Range> ranges) {
    /** All numbers from {@code least} to {@code most}, both included. */
    public record Range(long least, long most) {}

    public Numbers {
        ranges = List.copyOf(ranges);
    }

    public boolean contains(long number) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (number >= range.least() && number <= range.most()) {
                return true;
            }
        }
        return false;
    }
}
