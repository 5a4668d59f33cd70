"""Each team has a pool of its own, under the team's name, whoever makes the team and however. Skills count for
routing, so they bump the stamp as the rest of the people do."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_skills_and_teams_as_pools")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION teams_pool_name(team text) RETURNS text LANGUAGE sql STABLE AS $$
                SELECT CASE WHEN EXISTS (SELECT 1 FROM teams_pool WHERE name = 'Team ' || team)
                       THEN 'Team ' || team || ' (everyone)' ELSE 'Team ' || team END
            $$;

            CREATE FUNCTION teams_keep_pool() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    INSERT INTO teams_pool (name, team_id, strategy, absence, catch_up_limit)
                    VALUES (teams_pool_name(NEW.name), NEW.id, 'round_robin', 'forfeit', 0);
                ELSE
                    UPDATE teams_pool SET name = teams_pool_name(NEW.name) WHERE team_id = NEW.id;
                END IF;
                RETURN NULL;
            END $$;

            CREATE TRIGGER teams_team_pool AFTER INSERT ON teams_team
            FOR EACH ROW EXECUTE FUNCTION teams_keep_pool();

            CREATE TRIGGER teams_team_pool_name AFTER UPDATE OF name ON teams_team
            FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION teams_keep_pool();

            INSERT INTO teams_pool (name, team_id, strategy, absence, catch_up_limit)
            SELECT teams_pool_name(name), id, 'round_robin', 'forfeit', 0 FROM teams_team;

            CREATE TRIGGER teams_repskill_stamp AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE ON teams_repskill
            FOR EACH STATEMENT EXECUTE FUNCTION leadrouting_bump_stamp();
            """,
            """
            DROP TRIGGER teams_repskill_stamp ON teams_repskill;
            DROP TRIGGER teams_team_pool_name ON teams_team;
            DROP TRIGGER teams_team_pool ON teams_team;
            DROP FUNCTION teams_keep_pool;
            DROP FUNCTION teams_pool_name;
            """,
        )
    ]
