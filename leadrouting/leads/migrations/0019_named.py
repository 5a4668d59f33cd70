from django.db import migrations, models
from django.db.models import Q

LEGAL = r"""
CREATE OR REPLACE FUNCTION leads_company_key(company text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(word, ' ' ORDER BY place), '')
    FROM unnest(string_to_array(
        regexp_replace(public.leads_plain(company), ' (a s|sp z o ?o|d o o|s r o|s p a|s a|k k)( |$)', ' '), ' '
    )) WITH ORDINALITY AS said(word, place)
    WHERE word <> '' AND word <> ALL (ARRAY[
        'the', 'and', 'und', 'et', 'y', 'co', 'company', 'corp', 'corporation', 'inc', 'incorporated', 'llc', 'llp',
        'ltd', 'limited', 'plc', 'pvt', 'pty', 'gmbh', 'mbh', 'ag', 'kg', 'kgaa', 'ohg', 'gbr', 'ug', 'ev', 'se',
        'sa', 'sas', 'sarl', 'srl', 'spa', 'sl', 'bv', 'nv', 'ab', 'as', 'oy', 'aps', 'lda', 'ltda', 'kft', 'sro'%s])
$$;
REINDEX INDEX lead_by_company_key;
REINDEX INDEX account_by_name_key;
"""
MORE = ", 'private', 'pte', 'sdn', 'bhd', 'oyj', 'eurl', 'bvba', 'doo', 'kk', 'fzco', 'dmcc', 'eood', 'ood', 'lp', 'slu', 'sca', 'haftungsbeschrankt'"
"""Legal forms that were missing."""


class Migration(migrations.Migration):

    dependencies = [("leads", "0018_sources_of_before")]

    operations = [
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(condition=Q(("name__regex", "\\S"), ("key__regex", "\\S")), name="source_is_named"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(condition=Q(("name__regex", "\\S"), ("key__regex", "\\S")), name="campaign_is_named"),
        ),
        migrations.RunSQL(LEGAL % MORE, migrations.RunSQL.noop),
    ]
