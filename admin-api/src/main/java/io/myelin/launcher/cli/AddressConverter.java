package io.myelin.launcher.cli;

import io.myelin.server.BindAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address to listen on: {@code 127.0.0.1:9901}, {@code [::1]:9901}, {@code *:9901}. */
final class AddressConverter implements ITypeConverter<BindAddress> {
    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\[\\]:/\\s]+)):(\\d{1,5})");

    @Override
    public BindAddress convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw refused(text);
        }
        String literal = form.group(1);
        int port = Integer.parseInt(form.group(3));
        if (port > 65_535) {
            throw refused(text);
        }
        return new BindAddress(literal == null ? form.group(2) : literal, port);
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException(text + " (expected: host:port, such as 127.0.0.1:9901)");
    }
}
