package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNameTest {
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"OTHER", "REMOVED"})
    void isKnownInAnyCase(FieldName name) {
        String text = name.name().replace('_', '-');

        assertThat(of(text)).isEqualTo(name);
        assertThat(of(text.toLowerCase(Locale.ROOT))).isEqualTo(name);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"OTHER", "REMOVED"})
    void isNotKnownWhenOneByteDiffers(FieldName name) {
        String text = name.name().replace('_', '-');
        for (int i = 0; i < text.length(); i++) {
            assertThat(of(text.substring(0, i) + "!" + text.substring(i + 1))).isEqualTo(FieldName.OTHER);
        }
        assertThat(of(text + "s")).isEqualTo(FieldName.OTHER);
        assertThat(of(text.substring(1))).isNotEqualTo(name);
        assertThat(of(name.name())).isEqualTo(text.contains("-") ? FieldName.OTHER : name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "X", "Accept", "Content-Type", "Content-Lengthy", "Cookie", "Transfer_Encoding"})
    void everythingElseIsOther(String text) {
        assertThat(of(text)).isEqualTo(FieldName.OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "HOST, false, true", "CONTENT_LENGTH, false, true", "TRANSFER_ENCODING, true, true", "CONNECTION, true, false",
        "KEEP_ALIVE, true, false", "PROXY_CONNECTION, true, false", "TE, true, false", "TRAILER, true, false",
        "UPGRADE, true, false", "EXPECT, false, false", "X_FORWARDED_FOR, false, false", "OTHER, false, false"
    })
    void hasItsReach(FieldName name, boolean hopByHop, boolean kept) {
        assertThat(name.hopByHop()).isEqualTo(hopByHop);
        assertThat(name.protectedFromNomination()).isEqualTo(kept);
    }

    @Test
    void hasABitOfItsOwn() {
        assertThat(FieldName.values())
                .extracting(FieldName::bit)
                .doesNotHaveDuplicates()
                .doesNotContain(0);
    }

    private static FieldName of(String text) {
        byte[] bytes = Heads.bytes("--" + text + "--");
        return FieldName.of(bytes, 2, bytes.length - 2);
    }
}
