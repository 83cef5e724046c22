package io.myelin.pool;

import io.myelin.access.AccessRules;
import io.myelin.balance.BalanceConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one pool that configuration decides.
 *
 * @param name the service's name, unique in the process
 * @param alias what tools made for HAProxy call it; unique among names and aliases
 * @param balance how a member is chosen
 * @param membership which endpoints there are, of those that the source delivers
 * @param selection which of those become members
 * @param lineup in which order they stand, and which numbers they bear
 * @param allBackups whether all backups share the work when no primary is eligible, instead of the first one alone
 * @param upstream how members are talked to
 * @param admission when members take work
 * @param access which clients are served, and after which delay; {@code null} for all of them at once
 * @param queue how much of it at once, and how the rest waits
 * @param sticky how clients stay with a member, {@code null} if they do not; HTTP only
 * @param observe how much traffic says about the health of members, {@code null} for nothing
 * @param marking what becomes of the work in progress when members go down or come up
 * @param track whom members follow instead of being checked, unless their own options say so; {@code null} for nobody
 * @param disabled whether members are in maintenance until an operator says otherwise, unless their own options do
 */
public record PoolConfig(
        String name,
        String alias,
        BalanceConfig balance,
        MembershipRules membership,
        Selection selection,
        Lineup lineup,
        boolean allBackups,
        UpstreamConfig upstream,
        Admission admission,
        @Nullable AccessRules access,
        QueueConfig queue,
        @Nullable StickyConfig sticky,
        @Nullable ObserveConfig observe,
        Marking marking,
        @Nullable Track track,
        boolean disabled) {
    public PoolConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("pool name is blank (expected: the service's name)");
        }
    }

    /** Returns a pool of that name with every default. */
    public static PoolConfig named(String name) {
        return new PoolConfig(
                name,
                name,
                BalanceConfig.ROUND_ROBIN,
                MembershipRules.DEFAULT,
                Selection.ALL,
                Lineup.DEFAULT,
                false,
                UpstreamConfig.DEFAULT,
                Admission.DEFAULT,
                null,
                QueueConfig.UNLIMITED,
                null,
                null,
                Marking.NONE,
                null,
                false);
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private String name;
        private String alias;
        private BalanceConfig balance;
        private MembershipRules membership;
        private Selection selection;
        private Lineup lineup;
        private boolean allBackups;
        private UpstreamConfig upstream;
        private Admission admission;
        private @Nullable AccessRules access;
        private QueueConfig queue;
        private @Nullable StickyConfig sticky;
        private @Nullable ObserveConfig observe;
        private Marking marking;
        private @Nullable Track track;
        private boolean disabled;

        private Builder(PoolConfig settings) {
            name = settings.name;
            alias = settings.alias;
            balance = settings.balance;
            membership = settings.membership;
            selection = settings.selection;
            lineup = settings.lineup;
            allBackups = settings.allBackups;
            upstream = settings.upstream;
            admission = settings.admission;
            access = settings.access;
            queue = settings.queue;
            sticky = settings.sticky;
            observe = settings.observe;
            marking = settings.marking;
            track = settings.track;
            disabled = settings.disabled;
        }

        /** Renames the pool, and its alias with it. */
        public Builder name(String newName) {
            name = newName;
            alias = newName;
            return this;
        }

        public Builder alias(String newAlias) {
            alias = newAlias;
            return this;
        }

        public Builder balance(BalanceConfig newBalance) {
            balance = newBalance;
            return this;
        }

        public Builder membership(MembershipRules newMembership) {
            membership = newMembership;
            return this;
        }

        public Builder selection(Selection newSelection) {
            selection = newSelection;
            return this;
        }

        public Builder lineup(Lineup newLineup) {
            lineup = newLineup;
            return this;
        }

        public Builder allBackups(boolean newAllBackups) {
            allBackups = newAllBackups;
            return this;
        }

        public Builder upstream(UpstreamConfig newUpstream) {
            upstream = newUpstream;
            return this;
        }

        public Builder admission(Admission newAdmission) {
            admission = newAdmission;
            return this;
        }

        public Builder access(@Nullable AccessRules newAccess) {
            access = newAccess;
            return this;
        }

        public Builder queue(QueueConfig newQueue) {
            queue = newQueue;
            return this;
        }

        public Builder sticky(@Nullable StickyConfig newSticky) {
            sticky = newSticky;
            return this;
        }

        public Builder observe(@Nullable ObserveConfig newObserve) {
            observe = newObserve;
            return this;
        }

        public Builder marking(Marking newMarking) {
            marking = newMarking;
            return this;
        }

        public Builder track(@Nullable Track newTrack) {
            track = newTrack;
            return this;
        }

        public Builder disabled(boolean newDisabled) {
            disabled = newDisabled;
            return this;
        }

        public PoolConfig build() {
            return new PoolConfig(
                    name,
                    alias,
                    balance,
                    membership,
                    selection,
                    lineup,
                    allBackups,
                    upstream,
                    admission,
                    access,
                    queue,
                    sticky,
                    observe,
                    marking,
                    track,
                    disabled);
        }
    }
}
