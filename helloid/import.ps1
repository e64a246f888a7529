# Spend Cloud connector for HelloID: import.ps1
# Paste it into Account > Account data import. For Windows PowerShell 5.1 and PowerShell 7; nothing to install.
# Made from tools/helloid-kit by npm run kit: change it there.

function Invoke-Connector {
    param (
        [string] $Action,
        [hashtable] $Body,
        [int] $TimeoutSec
    )

    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'

    # Windows PowerShell 5.1 may have been started with old protocols only. 0 means that Windows chooses: leave that so.
    if (([int] [System.Net.ServicePointManager]::SecurityProtocol) -ne 0) {
        [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
    }

    # Checked here, because an exception about an impossible header or address could show the key.
    $baseUrl = "$($actionContext.Configuration.BaseUrl)".Trim().TrimEnd('/')
    if ($baseUrl -notmatch '^https?://[^/?]+[^?]*$') {
        throw 'The address in the configuration of this system is not complete; expected something like https://server:7071/api'
    }
    $key = "$($actionContext.Configuration.Key)".Trim()
    if ($key -notmatch '^[\x21-\x7E]+$') {
        throw 'The agent key in the configuration of this system is empty, or holds a character that no key has'
    }

    # Sent as bytes and read as bytes, because Windows PowerShell 5.1 would take text for Latin-1 on the way.
    $json = ConvertTo-Json -InputObject $Body -Depth 20 -Compress
    $request = @{
        Uri                = "$baseUrl/helloid/$Action"
        Method             = 'POST'
        Headers            = @{ 'x-functions-key' = $key }
        ContentType        = 'application/json; charset=utf-8'
        Body               = [System.Text.Encoding]::UTF8.GetBytes($json)
        TimeoutSec         = $TimeoutSec
        MaximumRedirection = 0
        UseBasicParsing    = $true
    }
    $response = Invoke-WebRequest @request
    $text = [System.Text.Encoding]::UTF8.GetString($response.RawContentStream.ToArray())
    return ConvertFrom-Json -InputObject $text
}

# Returns one readable sentence and writes the detail as a warning.
function Resolve-ConnectorError {
    param (
        [System.Management.Automation.ErrorRecord] $ErrorRecord
    )

    $exception = $ErrorRecord.Exception
    $answer = "$($ErrorRecord.ErrorDetails.Message)"
    $message = ''
    try {
        # PowerShell 7 has always read the answer by now, Windows PowerShell 5.1 not always.
        if ($answer -eq '' -and $exception -is [System.Net.WebException] -and $null -ne $exception.Response) {
            $reader = [System.IO.StreamReader]::new($exception.Response.GetResponseStream(), [System.Text.Encoding]::UTF8)
            $answer = $reader.ReadToEnd()
        }
        $message = "$((ConvertFrom-Json -InputObject $answer).message)"
    }
    catch {
        $message = ''
    }

    # No JSON of the connector: no answer at all, or a page of something in between.
    if ($message -eq '' -and $null -ne $exception.Response) {
        $message = "The address answered with HTTP status $([int] $exception.Response.StatusCode), and not as the connector does"
    }
    elseif ($message -eq '') {
        $message = $exception.Message
        $cause = $exception.GetBaseException().Message
        if ($cause -ne $message) {
            $message = "$message ($cause)"
        }
    }

    $detail = "Line $($ErrorRecord.InvocationInfo.ScriptLineNumber): $($exception.Message) $answer"
    Write-Warning -Message $detail.Substring(0, [Math]::Min($detail.Length, 2000))
    return $message
}

try {
    $importFields = $null
    if ($null -ne $actionContext.ImportFields) {
        $importFields = @(foreach ($item in $actionContext.ImportFields) { $item })
    }
    $cursor = $null
    do {
        $body = @{
            actionContext = @{
                DryRun       = $actionContext.DryRun
                ImportFields = $importFields
            }
            cursor        = $cursor
            pageSize      = 500
        }
        $page = Invoke-Connector -Action 'import-accounts' -Body $body -TimeoutSec 80
        if ($null -eq $page.items) {
            throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
        }

        foreach ($item in $page.items) {
            $data = @{}
            foreach ($field in $item.Data.PSObject.Properties) {
                $data[$field.Name] = $field.Value
            }
            Write-Output -InputObject @{
                AccountReference = $item.AccountReference
                DisplayName      = $item.DisplayName
                UserName         = $item.UserName
                Enabled          = $item.Enabled
                Data             = $data
            }
        }
        $cursor = $page.next
    } while ($cursor)
}
catch {
    # An import that stops half-way must end in an error, or HelloID would take what is missing for gone.
    $message = "Could not import the Spend Cloud accounts: $(Resolve-ConnectorError -ErrorRecord $_)"
    Write-Error -Message $message -ErrorAction Continue
    throw $message
}
