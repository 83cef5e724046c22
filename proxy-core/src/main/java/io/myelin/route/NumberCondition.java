package io.myelin.route;

/** Holds if a number that goes with the message is one of {@code numbers}. */
public record NumberCondition(Subject subject, Numbers numbers) implements Condition {
    /** What is a number. */
    public enum Subject {
        SOURCE_PORT {
            @Override
            int of(RequestView request) {
                return request.sourcePort();
            }
        },
        DESTINATION_PORT {
            @Override
            int of(RequestView request) {
                return request.destinationPort();
            }
        },
        /** The status of the response. */
        STATUS {
            @Override
            int of(RequestView request) {
                return request.status();
            }
        };

        abstract int of(RequestView request);
    }

    @Override
    public boolean holds(RequestView request) {
        return numbers.contains(subject.of(request));
    }
}
