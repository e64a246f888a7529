{{header}}

{{connector}}

# Nothing counts as unique until the connector has said so.
$outputContext.Success = $false

try {
    {{lists}}
    $body = {{body}}
    $answer = Invoke-Connector -Action '{{action}}' -Body $body -TimeoutSec {{timeout}}
    if ($null -eq $answer.Success) {
        throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
    }
    if ($answer.Success -ne $true) {
        throw "$($answer.AuditLogs.Message)"
    }

    foreach ($field in $answer.NonUniqueFields) {
        [void] $outputContext.NonUniqueFields.Add($field)
    }
    $outputContext.Success = $true
}
catch {
    # HelloID shows no audit log for this script, so the message goes out as an error.
    $outputContext.Success = $false
    Write-Error -Message "Could not {{doing}}: $(Resolve-ConnectorError -ErrorRecord $_)" -ErrorAction Continue
}
