package io.myelin.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class ErbTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOST", "db", "EMPTY", "");

    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a <%= ENV['HOST'] %> b              ~ a db b",
                "<%=ENV[\"HOST\"]%><%= ENV['HOST'] %> ~ dbdb",
                "<%= ENV['HOST'] || 'x' %>           ~ db",
                "<%= ENV['PORT'] || 'x' %>           ~ x",
                "<%= ENV['PORT'] || 80 %>            ~ 80",
                "<%= ENV['EMPTY'] || 'x' %>.         ~ .",
                "<%= ENV.fetch('HOST') %>            ~ db",
                "<%= ENV.fetch('PORT', 'x y') %>     ~ x y",
                "<%= ENV.fetch(\"PORT\", 8080 ) %>   ~ 8080",
                "<%= ENV.fetch('PORT', '') %>.       ~ .",
                "<%# a comment %>.                   ~ .",
                "<%% stays                           ~ <% stays",
                "100 % > 5                           ~ 100 % > 5"
            })
    void variablesTakeThePlaceOfTheirTemplates(String text, String expected) {
        assertThat(render(text)).isEqualTo(expected);
        assertThat(messages()).isEmpty();
    }

    @Test
    void linesStayWhereTheyAre() {
        assertThat(render("a\n<%# one\ntwo %>\nb")).isEqualTo("a\n\n\nb");
    }

    @Test
    void aVariableThatIsNotSetIsNothingAndAWarning() {
        assertThat(render("a:\n  b: <%= ENV['PORT'] %>.")).isEqualTo("a:\n  b: .");
        assertThat(messages())
                .containsExactly("f:2:6: warning: template: the environment variable PORT is not set: nothing takes its"
                        + " place");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<%= `hostname` %>",
                "<% if ENV['HOST'] %>",
                "<%= ENV['HOST'].upcase %>",
                "<%= ENV[\"#{x}\"] %>",
                "<%= ENV['HOST'] -%>",
                "<%= ENV.fetch('HOST') { 'x' } %>",
                "<%= 1 %>",
                "<%= %>"
            })
    void otherRubyIsRefused(String template) {
        assertThat(render("a:\n " + template)).isNull();
        assertThat(messages().get(0))
                .startsWith(
                        "f:2:2: template: " + template + " is Ruby, which is not run (expected: <%= ENV['NAME'] %>,");
    }

    @Test
    void everythingThatIsRefusedIsReportedAtOnce() {
        assertThat(render("<%= a %>\n<%= ENV.fetch('PORT') %>\n<%= ENV['HOST']"))
                .isNull();
        assertThat(messages())
                .extracting(message -> message.substring(0, message.indexOf(" (expected")))
                .containsExactly(
                        "f:1:1: template: <%= a %> is Ruby, which is not run",
                        "f:2:1: template: the environment variable PORT is not set",
                        "f:3:1: template: the template <% is not closed");
    }

    private @Nullable String render(String text) {
        return Erb.render("f", text, ENVIRONMENT::get, problems, "");
    }

    private List<String> messages() {
        return problems.inOrderOf(List.of("f")).stream().map(Object::toString).toList();
    }
}
