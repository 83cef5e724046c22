package io.myelin.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Pattern;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.ByteArrayOutputStream;

/** Looks for a match of a regular expression, which can be said only when all is there; keeps what it was given. */
@OwnedBy(Owner.HEALTH_LOOP)
final class PatternSearch implements BodySearch {
    private final Pattern pattern;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    PatternSearch(Pattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public void accept(byte value) {
        seen.write(value);
    }

    @Override
    public boolean found() {
        return false;
    }

    @Override
    public boolean foundInAll() {
        return pattern.matcher(seen.toString(UTF_8)).find();
    }
}
