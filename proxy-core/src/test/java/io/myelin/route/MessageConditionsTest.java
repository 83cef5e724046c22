package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.access.AddressRange;
import io.myelin.route.Condition.Part;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.NumberCondition.Subject;
import io.myelin.route.Numbers.Range;
import io.myelin.route.TextCriterion.AsNumber;
import io.myelin.route.TextCriterion.Like;
import io.myelin.route.TextCriterion.OfLength;
import io.myelin.route.TextCriterion.OneOf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conditions beyond texts of host, path and method; where HAProxy is named, its version 2.6 was seen to do the same.
 */
class MessageConditionsTest {
    /** A request with some fields {@code Name: value}. */
    private record Message(String query, @Nullable InetAddress source, List<String> fields) implements RequestView {
        static Message with(String... fields) {
            return new Message("", null, List.of(fields));
        }

        @Override
        public String host() {
            return "h";
        }

        @Override
        public String path() {
            return "/a/b.c";
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public int field(String name, int previous) {
            for (int field = previous + 1; field < fields.size(); field++) {
                if (fields.get(field).regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return field;
                }
            }
            return -1;
        }

        @Override
        public String value(int field) {
            return fields.get(field)
                    .substring(fields.get(field).indexOf(':') + 1)
                    .strip();
        }

        @Override
        public int destinationPort() {
            return 8080;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b       | false | true",
                "c       | false | true",
                "b, c    | false | false",
                "b, c    | true  | true",
                "b       | true  | false",
                "x,y     | false | false",
                "\"x,y\" | false | true",
                "''      | false | false"
            })
    void aHeaderHoldsIfOneElementOfOneOfItsLinesDoesAsInHaproxy(String text, boolean whole, boolean holds) {
        Condition condition = new HeaderCondition("x-multi", whole, equal(text));

        assertThat(condition.holds(Message.with("X-Multi: a", "Other: q", "X-MULTI: b, c", "X-Multi: \"x,y\" , z")))
                .isEqualTo(holds);
    }

    @Test
    void anEmptyHeaderIsPresentAsInHaproxy() {
        assertThat(new HeaderCondition("x", false, TextCriterion.PRESENT).holds(Message.with("X:")))
                .isTrue();
        assertThat(new HeaderCondition("x", false, TextCriterion.PRESENT).holds(Message.with("Y:")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"false, 4", "true, 2"})
    void headersAreCountedByElementOrLine(boolean whole, int count) {
        Message message = Message.with("X: a, \"b,c\"", "X: d, e");

        assertThat(new HeaderCount("x", whole, numbers(count, count)).holds(message))
                .isTrue();
        assertThat(new HeaderCount("x", whole, numbers(count + 1, 9)).holds(message))
                .isFalse();
        assertThat(new HeaderCount("y", whole, numbers(0, 0)).holds(message)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "6, true",
        "-6, false",
        "007, true",
        "8, false",
        "'', false",
        "-, false",
        "6x, false",
        "9999999999999999999, false"
    })
    void aValueCountsAsANumberIfItIsOne(String value, boolean holds) {
        assertThat(new HeaderCondition("n", true, new AsNumber(numbers(5, 7))).holds(Message.with("N: " + value)))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "k, v2, true",
        "k, v1, true",
        "k, v3, false",
        "K, v1, false",
        "k, '', false",
        "e, '', true",
        "v1, '', false"
    })
    void aParameterHoldsIfOneOfItsOccurrencesDoesAsInHaproxy(String name, String value, boolean holds) {
        Message message = new Message("k=v1&kk=v3&k=v2&e=&v1", null, List.of());

        assertThat(new ParameterCondition(name, equal(value)).holds(message)).isEqualTo(holds);
    }

    @Test
    void partsAreMatchedByExpressionAndLength() {
        Message message = Message.with();

        assertThat(new PartCondition(Part.PATH, new Like(List.of(Regex.of("^/A.*C$", true)))).holds(message))
                .isTrue();
        assertThat(new PartCondition(Part.PATH, new Like(List.of(Regex.of("^/A", false)))).holds(message))
                .isFalse();
        assertThat(new PartCondition(Part.PATH, new OfLength(numbers(6, 6))).holds(message))
                .isTrue();
        assertThat(new NumberCondition(Subject.DESTINATION_PORT, numbers(8080, 8080)).holds(message))
                .isTrue();
        assertThat(new NumberCondition(Subject.STATUS, numbers(1, 599)).holds(message))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/c, b, true",
        "/a/b/c, a/b, true",
        "/a/b/c, /b/, true",
        "/a/b/c, c, true",
        "/a/b.c, b, false",
        "/ab, a, false"
    })
    void stepsMatchWholeStepsAnywhere(String path, String text, boolean holds) {
        Condition condition = new Condition.Text(Part.PATH, Match.STEPS, false, List.of(text));

        assertThat(condition.holds(TestRequest.toPath(path))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({"10.255.0.1, true", "::1, true", "11.0.0.1, false"})
    void anEndOfTheConnectionIsInOneOfTheNetworks(String address, boolean holds) throws UnknownHostException {
        Condition condition = new ConnectionCondition(
                End.SOURCE,
                Stream.of("10.0.0.0/8", "::1")
                        .map(AddressRange::parse)
                        .map(Objects::requireNonNull)
                        .toList());

        assertThat(condition.holds(new Message("", InetAddress.getByName(address), List.of())))
                .isEqualTo(holds);
        assertThat(condition.holds(new Message("", null, List.of()))).isFalse();
    }

    private static OneOf equal(String text) {
        return new OneOf(Match.EXACT, false, List.of(text));
    }

    private static Numbers numbers(long least, long most) {
        return new Numbers(List.of(new Range(least, most)));
    }
}
