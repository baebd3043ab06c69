package dev.store.jepsen.series;

import dev.store.jepsen.report.RunRecord;

/**
 * Rounds on fresh clusters until enough faults have bitten in them. Rounds, because a history of hundreds of faults would
 * be too long for its checkers, and each fresh cluster starts from an order of its own.
 */
public final class Campaign {
    /** So many rounds in a row in which nothing bit mean that no more will. */
    private static final int PATIENCE = 3;

    private final CampaignPlan plan;
    private long bites;
    private int fruitless;

    public Campaign(CampaignPlan plan) {
        this.plan = plan;
    }

    /** Does the rounds that are not done yet; whether enough faults have bitten. */
    public boolean run(Series series) {
        for (int round = 0; bites < plan.bites() && fruitless < PATIENCE; round++) {
            RunRecord run = series.take(plan.cell(round));
            long more = run.judged() ? run.figures().bites() : 0;
            bites += more;
            fruitless = more == 0 ? fruitless + 1 : 0;
        }
        return bites >= plan.bites();
    }

    /** How many faults have bitten in rounds that show something. */
    public long bites() {
        return bites;
    }
}
