package io.myelin.route;

import io.myelin.pool.Pool;
import io.myelin.route.Condition.All;
import io.myelin.route.Condition.Any;
import io.myelin.route.Condition.Not;
import io.myelin.route.NumberCondition.Subject;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What conditions are made of. */
public final class ConditionParts {
    private ConditionParts() {}

    /** Returns {@code condition} with {@code replace} applied to those of its parts that have no parts themselves. */
    public static Condition replaced(Condition condition, UnaryOperator<Condition> replace) {
        if (condition instanceof All all) {
            return new All(replaced(all.conditions(), replace));
        }
        if (condition instanceof Any any) {
            return new Any(replaced(any.conditions(), replace));
        }
        if (condition instanceof Not not) {
            return new Not(replaced(not.condition(), replace));
        }
        return replace.apply(condition);
    }

    private static List<Condition> replaced(List<Condition> conditions, UnaryOperator<Condition> replace) {
        return conditions.stream().map(part -> replaced(part, replace)).toList();
    }

    /** Returns {@code condition} asking those of {@code pools} that it names. */
    public static Condition bound(Condition condition, Map<String, Pool> pools) {
        return asksPools(condition)
                ? replaced(
                        condition,
                        part -> part instanceof PoolCondition asked ? asked.on(pools.get(asked.name())) : part)
                : condition;
    }

    /** Returns whether some pool has to be asked. */
    public static boolean asksPools(Condition condition) {
        return !every(condition, part -> !(part instanceof PoolCondition));
    }

    /** Returns whether {@code condition} can be asked of a connection that no request has come by. */
    public static boolean askConnectionOnly(Condition condition) {
        return every(
                condition,
                part -> part instanceof ConnectionCondition
                        || part instanceof EncryptedCondition
                        || part instanceof TlsCondition
                        || part instanceof PoolCondition
                        || (part instanceof NumberCondition number && number.subject() != Subject.STATUS));
    }

    private static boolean every(Condition condition, Predicate<Condition> test) {
        if (condition instanceof All all) {
            return all.conditions().stream().allMatch(part -> every(part, test));
        }
        if (condition instanceof Any any) {
            return any.conditions().stream().allMatch(part -> every(part, test));
        }
        return condition instanceof Not not ? every(not.condition(), test) : test.test(condition);
    }
}
