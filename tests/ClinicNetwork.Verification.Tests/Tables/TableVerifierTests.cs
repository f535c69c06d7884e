using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.Tests.Tables;

/// <summary>One mistake planted in a table that holds, and what is found of it.</summary>
public sealed class TableVerifierTests
{
    [Fact]
    public void A_table_that_holds_is_clean() => Assert.Equal("", new TableCase().Found());

    [Fact]
    public void K_counts_persons_and_not_records()
    {
        var table = new TableCase { Person = "who" };
        Assert.Equal("", table.Found());
        // Both rows of the second class are d's.
        table.Original[5] = "d;30;f;3";
        Assert.Equal("K 4 -", table.Found());
    }

    [Fact]
    public void A_person_column_that_is_published_counts_too()
    {
        var table = new TableCase { Person = "who", WithOriginal = false };
        for (var row = 0; row < table.Output.Count; row++)
        {
            table.Output[row] = $"{(row == 0 ? "who" : row is 4 or 5 ? "d" : $"p{row}")};{table.Output[row]}";
        }

        Assert.Equal("K 4 -", table.Found());
    }

    [Fact]
    public void A_class_published_twice_under_one_label_holds_k_in_neither()
    {
        var table = new TableCase();
        // The second class again in another batch: two classes of one label.
        for (var row = 0; row < table.Output.Count; row++)
        {
            table.Output[row] = $"{(row == 0 ? "batch" : row == 5 ? "2" : "1")};{table.Output[row]}";
        }

        Assert.Equal("K 4 -, K 5 -, DISTINCT_L 4 score, DISTINCT_L 5 score", table.Found());
    }

    [Fact]
    public void A_class_split_over_two_files_holds_k_in_neither()
    {
        var table = new TableCase();
        table.More.Add((["who;age;sex;score", "e;30;f;3"], ["age;sex;score", "30;f;3"]));
        table.Original.RemoveAt(5);
        table.Output.RemoveAt(5);
        Assert.Equal("K 4 -, K 1 -, DISTINCT_L 4 score, DISTINCT_L 1 score", table.Found());
        Assert.Equal([0, 1, 0, 1], table.Verify().Findings.Select(finding => finding.Index));
    }

    [Fact]
    public void A_person_in_two_files_is_found()
    {
        var table = new TableCase { Person = "who" };
        table.More.Add((["who;age;sex;score", "j;30;f;3", "k;30;f;1"], ["age;sex;score", "30;f;3", "30;f;1"]));
        Assert.Equal("", table.Found());
        table.More[0].Original[2] = "e;30;f;1";
        Assert.Equal("PERSON_TWICE 2 who", table.Found());
    }

    [Fact]
    public void L_that_attached_leftovers_broke_is_found()
    {
        var table = new TableCase { Promise = new(2, 3) };
        // Three values each, then two leftovers of one value under one label of their own.
        (table.Original[2], table.Output[2]) = ("b;21;m;3", "2x;m;3");
        (table.Original[1], table.Output[1]) = ("a;20;m;2", "2x;m;2");
        (table.Original[4], table.Output[4]) = ("d;30;f;1", "3x;*;1");
        table.Output[5] = "3x;*;3";
        Assert.Equal("", table.Found());
        table.Output[4] = "30;f;1";
        table.Output[5] = "30;f;3";
        Assert.Equal("DISTINCT_L 4 score, DISTINCT_L 6 score", table.Found());
    }

    [Fact]
    public void A_class_that_is_too_far_is_found()
    {
        Assert.Equal("", new TableCase { Promise = new(2, 2, 0.375) }.Found());
        Assert.Equal("T 1 score, T 6 score", new TableCase { Promise = new(2, 2, 0.37) }.Found());
        Assert.Equal("", new TableCase { Promise = new(2, 2, 0.34, OrderedT: true) }.Found());
        Assert.Equal("T 1 score, T 6 score", new TableCase { Promise = new(2, 2, 0.33, OrderedT: true) }.Found());
    }

    [Fact]
    public void The_ordered_distance_of_what_is_no_number_is_refused()
    {
        var table = new TableCase { Promise = new(2, 2, 1, OrderedT: true) };
        (table.Original[9], table.Output[9]) = ("i;20;f;often", "*;*;often");
        Assert.Equal("", table.Found());
        (table.Original[8], table.Output[8]) = ("h;31;f;often", "3x;*;often");
        Assert.Equal("SENSITIVE_NUMBER 8 score", table.Found());
    }

    [Fact]
    public void A_cell_that_does_not_cover_is_found()
    {
        var table = new TableCase();
        table.Original[2] = "b;30;m;2";
        Assert.Equal("COVERAGE 2 age", table.Found());
    }

    [Fact]
    public void A_tight_label_that_covers_by_its_words_alone_is_found()
    {
        // The label reads as if it held 31; the hierarchy says otherwise.
        var table = new TableCase();
        table.Original[4] = "d;31;f;1";
        Assert.Equal("COVERAGE 4 age", table.Found());
    }

    [Fact]
    public void A_value_of_no_hierarchy_is_a_wrong_cell()
    {
        var table = new TableCase();
        (table.Output[4], table.Output[5]) = ("30;F;1", "30;F;3");
        Assert.Equal("WRONG_CELL 4 sex, WRONG_CELL 5 sex", table.Found());
    }

    [Fact]
    public void An_original_value_outside_its_hierarchy_is_found()
    {
        var table = new TableCase();
        table.Original[9] = "i;2x;f;2";
        Assert.Equal("ORIGINAL_VALUE 9 age", table.Found());
    }

    [Fact]
    public void A_suppressed_row_that_shows_one_value_is_a_class_of_its_own()
    {
        var table = new TableCase();
        table.Output[9] = "*;f;2";
        Assert.Equal("K 9 -, DISTINCT_L 9 score", table.Found());
    }

    [Fact]
    public void A_withheld_row_shows_nothing()
    {
        var table = new TableCase { Promise = new(2, 2, 1, false, 1.0 / 9) };
        for (var row = 0; row < table.Output.Count; row++)
        {
            table.Output[row] = $"{(row == 0 ? "batch" : row == 9 ? "" : "1")};{table.Output[row]}";
        }

        table.Output[9] = ";*;*;";
        Assert.Equal("", table.Found());
        Assert.Equal((1, 1), (table.Verify().Measures!.Withheld, table.Verify().Measures!.Suppressed));
        table.Output[9] = ";20;*;2";
        Assert.Equal("WITHHELD 9 age, WITHHELD 9 score", table.Found());
        table.Output[9] = "x;*;*;2";
        Assert.Equal("BATCH 9 batch", table.Found());
    }

    [Fact]
    public void A_first_column_of_the_original_that_is_called_batch_is_none()
    {
        var table = new TableCase();
        for (var row = 0; row < table.Output.Count; row++)
        {
            var value = row == 0 ? "batch" : row == 5 ? "2" : "1";
            (table.Original[row], table.Output[row]) = ($"{value};{table.Original[row]}", $"{value};{table.Output[row]}");
        }

        Assert.Equal("", table.Found());
    }

    [Fact]
    public void A_changed_sensitive_value_is_found()
    {
        var table = new TableCase();
        table.Output[1] = "2x;m;3";
        Assert.Equal("CHANGED 1 score", table.Found());
    }

    [Fact]
    public void Swapped_rows_are_found()
    {
        var table = new TableCase();
        (table.Output[3], table.Output[5]) = (table.Output[5], table.Output[3]);
        Assert.Equal("COVERAGE 3 age, COVERAGE 5 age, COVERAGE 3 sex, COVERAGE 5 sex, CHANGED 3 score, CHANGED 5 score", table.Found());
    }

    [Fact]
    public void A_row_too_few_is_found_and_nothing_else_said()
    {
        var table = new TableCase();
        table.Output.RemoveAt(9);
        Assert.Equal("ROW_COUNT - -", table.Found());
        Assert.Null(table.Verify().Measures);
    }

    [Fact]
    public void More_suppressed_rows_than_allowed_are_found()
    {
        Assert.Equal("", new TableCase { Promise = new(2, 2, 1, false, 1.0 / 9) }.Found());
        Assert.Equal("SUPPRESSION_LIMIT - -", new TableCase { Promise = new(2, 2, 1, false, 0.11) }.Found());
    }

    [Fact]
    public void A_tight_cover_in_a_fixed_grid_is_found()
    {
        var table = new TableCase { Regions = ["sex;age", "m;2x", "f;30", "*;3x"] };
        Assert.Equal("", table.Found());
        table.Regions = ["sex;age", "m;2x", "f;3x", "*;3x"];
        Assert.Equal("REGION 4 -", table.Found());
    }

    [Theory]
    [InlineData("nothing", "sex", "age", "COLUMNS - sex, COLUMNS - sex")]
    [InlineData("sex", "nothing", "age", "COLUMNS - score")]
    [InlineData("sex", "score", "nothing", "COLUMNS - age")]
    public void A_column_that_is_missing_is_found(string sex, string score, string region, string found)
    {
        var table = new TableCase { Regions = [$"sex;{region}", "m;2x", "f;30", "*;3x"], Sensitive = "score" };
        (table.Output[0], table.Original[0]) = ($"age;{sex};{(score == "sex" ? "score" : score)}", $"who;age;{sex};score");
        Assert.Equal(found, table.Found());
    }

    [Fact]
    public void A_person_column_that_nobody_has_is_found() => Assert.Equal("COLUMNS - patient", new TableCase { Person = "patient" }.Found());

    [Fact]
    public void Every_measure_of_the_report_is_compared()
    {
        var report = """{"n":9,"k":2,"persons":9,"classes":3,"min_class":2,"suppressed":1,"ncp":0.38888888888888889,"gi":0.44444444444444444,"dm":31,"c_avg":1.3333333333333333,"risk_max":0.5,"risk_avg":0.375,"l_distinct":2,"t":0.375,"mode":"tight","seconds_compute":0.1,"seconds_total":0.2,"peak_bytes":1}""";
        Assert.Equal("", new TableCase { Report = report }.Found());
        foreach (var member in report.Trim('{', '}').Split(','))
        {
            var (key, value) = (member.Split(':')[0].Trim('"'), member.Split(':')[1]);
            Assert.Equal($"REPORT - {key}", new TableCase { Report = report.Replace($"\"{key}\"", "\"other\"", StringComparison.Ordinal) }.Found().Replace(", REPORT - -", "", StringComparison.Ordinal));
            if (key is "mode" or "seconds_compute" or "seconds_total" or "peak_bytes")
            {
                continue;
            }

            foreach (var other in new[] { $"{double.Parse(value, System.Globalization.CultureInfo.InvariantCulture) * 1.00000001:R}", "null", $"\"{value}\"", "1e999" })
            {
                Assert.Equal($"REPORT - {key}", new TableCase { Report = report.Replace(member, $"\"{key}\":{other}", StringComparison.Ordinal) }.Found());
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"n\":1,\"n\":1}")]
    [InlineData("{\"n\":")]
    public void What_is_no_report_is_refused(string report) => Assert.Throws<TableFormatException>(() => new TableCase { Report = report }.Verify());

    [Fact]
    public void Many_findings_are_counted_and_the_first_shown()
    {
        var table = new TableCase { Original = { "x;20;m;1" } };
        table.Output.AddRange(Enumerable.Range(0, 50).Select(_ => "3x;m;1"));
        table.Original.AddRange(Enumerable.Range(0, 49).Select(_ => "x;20;m;1"));
        var verdict = table.Verify();
        Assert.Equal((TableVerdict.PerRuleMax, 50), (verdict.Findings.Count(finding => finding.Rule == TableRules.Coverage), (int)verdict.Counts[TableRules.Coverage]));
    }

    [Fact]
    public void No_message_holds_a_value_of_the_table()
    {
        const string secret = "SECRET-";
        var table = new TableCase { Person = "who", Promise = new(5, 3, 0.1, false, 0) };
        for (var row = 1; row < table.Output.Count; row++)
        {
            table.Output[row] = table.Output[row].Replace("m", $"{secret}sex", StringComparison.Ordinal) + secret;
            table.Original[row] = $"{secret}{table.Original[row]}";
        }

        var verdict = table.Verify();
        Assert.True(verdict.Counts.Count > 4, table.Found());
        Assert.DoesNotContain(verdict.Findings, finding => finding.ToString().Contains(secret, StringComparison.Ordinal));
    }
}
